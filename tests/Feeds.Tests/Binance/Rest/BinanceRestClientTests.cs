using Feeds.Binance.Limits;
using Feeds.Binance.Rest;
using Feeds.Core.Books;
using Feeds.Core.Market;
using Feeds.Tests.Time;
using Xunit;

namespace Feeds.Tests.Binance.Rest;

public sealed class BinanceRestClientTests
{
    private static readonly Symbol Solana = Symbol.Parse("SOLUSDT");

    // Just after the bar of 12:00 ended.
    private readonly ManualTimeProvider _time = new(DateTimeOffset.FromUnixTimeMilliseconds(1_790_000_100_500));

    [Fact]
    public async Task Clock_gives_its_offset_and_the_planner_follows_it()
    {
        await using RestFixture fixture = await RestFixture.StartAsync(
            FakeExchange.Json("""{"serverTime":1790000100750}"""), _time);
        ServerClock clock = await fixture.Client.GetTimeAsync(RequestPriority.Tick, CancellationToken.None);
        Assert.Equal((250.0, 0L, 250.0), (clock.OffsetMs, clock.RoundTripMs, fixture.Planner.ClockOffsetMs));
    }

    [Fact]
    public async Task Listing_is_read_and_the_planner_told_the_limit()
    {
        await using RestFixture fixture = await RestFixture.StartAsync(
            FakeExchange.Json(
                """{"serverTime":5,"rateLimits":[{"rateLimitType":"ORDERS","interval":"MINUTE","intervalNum":1,"limit":1200},{"rateLimitType":"REQUEST_WEIGHT","interval":"MINUTE","intervalNum":1,"limit":1800}],"symbols":[{"symbol":"SOLUSDT","pair":"SOLUSDT","contractType":"PERPETUAL","deliveryDate":4133404800000,"onboardDate":1600000000000,"status":"TRADING","baseAsset":"SOL","quoteAsset":"USDT","marginAsset":"USDT","underlyingType":"COIN","filters":[{"filterType":"PRICE_FILTER","tickSize":"0.0100"},{"filterType":"LOT_SIZE","stepSize":"1"}],"news":{}},{"symbol":"币安人生USDT","status":"SETTLING","contractType":"PERPETUAL","underlyingType":"EQUITY"},{"symbol":"BAD SYMBOL","status":"TRADING"},{"status":"TRADING"}]}"""), _time);
        ExchangeListing listing = await fixture.Client.GetExchangeListingAsync(
            RequestPriority.Tick, CancellationToken.None);
        Assert.Equal(
            (2, 2, 1_800, 1_800),
            (listing.Instruments.Count, listing.Rejected, listing.WeightLimit, fixture.Planner.WeightLimit));
        Assert.Equal(
            new Instrument(
                Solana, "SOLUSDT", "PERPETUAL", "TRADING", 1_600_000_000_000, 4_133_404_800_000, "SOL", "USDT", "USDT",
                "COIN", 0.0100m, 1m),
            listing.Instruments[0]);
        Assert.Equal((true, true), (listing.Instruments[0].IsTrading, listing.Instruments[0].IsCoinPerpetual));
        Assert.Equal((false, false), (listing.Instruments[1].IsTrading, listing.Instruments[1].IsCoinPerpetual));
        Assert.Equal([("/fapi/v1/exchangeInfo", 2L)], fixture.Client.Counters.RejectedRows());
    }

    [Fact]
    public async Task Premium_index_of_all_is_one_call_and_bad_rows_are_left_out()
    {
        await using RestFixture fixture = await RestFixture.StartAsync(
            FakeExchange.Json(
                """[{"symbol":"SOLUSDT","markPrice":"180.16","indexPrice":"180.20","lastFundingRate":"-0.00004000","nextFundingTime":1790006400000,"time":1790000005000},{"symbol":"BTCUSDT_261225","markPrice":"1.5","indexPrice":"1.25","lastFundingRate":"","nextFundingTime":0,"time":1790000005001},{"symbol":"BTCUSDT","markPrice":"1,5","indexPrice":"1","lastFundingRate":"0","nextFundingTime":0,"time":1}]"""), _time);
        Answer<PremiumRow> answer = await fixture.Client.GetPremiumAsync(RequestPriority.Tick, CancellationToken.None);
        Assert.Equal((2, 1), (answer.Rows.Count, answer.Rejected));
        Assert.Equal(
            new PremiumRow(Solana, 1_790_000_005_000, 180.16, 180.20, -0.00004, 1_790_006_400_000), answer.Rows[0]);
        Assert.True(double.IsNaN(answer.Rows[1].PredictedFundingRate));
        MarketEvent e = answer.Rows[0].ToEvent(answer.ReceiveTime);
        Assert.Equal((EventKind.Premium, 1_790_000_100_500, 180.16), (e.Kind, e.ReceiveTime, e.MarkPrice));
        Assert.Equal(10, fixture.Planner.Used(RequestPool.Weight));
        Assert.Equal(["/fapi/v1/premiumIndex"], fixture.Exchange.Requests);
    }

    [Fact]
    public async Task Symbol_in_another_script_is_percent_encoded()
    {
        await using RestFixture fixture = await RestFixture.StartAsync(
            context => FakeExchange.WriteAsync(
                context, $$"""{"symbol":"{{context.Request.Query["symbol"]}}","openInterest":"1","time":5}"""), _time);
        await fixture.Client.GetOpenInterestAsync(
            Symbol.Parse("币安人生USDT"), RequestPriority.Tick, CancellationToken.None);
        Assert.Equal(
            ["/fapi/v1/openInterest?symbol=%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9FUSDT"], fixture.Exchange.Requests);
    }

    [Fact]
    public async Task Statistics_are_read_with_stamps_as_numbers_or_strings()
    {
        await using RestFixture fixture = await RestFixture.StartAsync(
            context => FakeExchange.WriteAsync(context, context.Request.Path.Value switch
            {
                "/futures/data/openInterestHist" =>
                    """[{"symbol":"SOLUSDT","sumOpenInterest":"9876000.0","sumOpenInterestValue":"1778000000.0","timestamp":1790000100000},{"symbol":"SOLUSDT","sumOpenInterest":"-1","timestamp":1790000100000}]""",
                "/futures/data/takerlongshortRatio" =>
                    """[{"buySellRatio":"1.05","buyVol":"1200.0","sellVol":"1140.0","timestamp":"1790000100000"}]""",
                _ => """[{"symbol":"SOLUSDT","longShortRatio":"1.50","longAccount":"0.60","shortAccount":"0.40","timestamp":"1790000100000"}]""",
            }),
            _time);
        Answer<Stamped<OpenInterestRecord>> interest = await fixture.Client.GetOpenInterestHistoryAsync(
            Solana, Period.FiveMinutes, 1_789_999_800_000, 1_790_000_400_000, 500, RequestPriority.Tick,
            CancellationToken.None);
        Assert.Equal(
            [new(1_790_000_100_000, new OpenInterestRecord(300_000, 9_876_000.0m, 1_778_000_000.0m))], interest.Rows);
        Assert.Equal(1, interest.Rejected);
        foreach (RatioKind kind in Enum.GetValues<RatioKind>())
        {
            Answer<Stamped<LongShortRatio>> ratio = await fixture.Client.GetLongShortRatioAsync(
                Solana, kind, Period.FiveMinutes, null, null, 1, RequestPriority.Tick, CancellationToken.None);
            Assert.Equal([new(1_790_000_100_000, new LongShortRatio(kind, 300_000, 1.50m, 0.60m, 0.40m))], ratio.Rows);
        }

        Answer<Stamped<TakerRatio>> taker = await fixture.Client.GetTakerRatioAsync(
            Solana, Period.FiveMinutes, null, null, 1, RequestPriority.Tick, CancellationToken.None);
        Assert.Equal([new(1_790_000_100_000, new TakerRatio(300_000, 1.05m, 1_200.0m, 1_140.0m))], taker.Rows);
        Assert.Equal(
            [
                "/futures/data/openInterestHist?symbol=SOLUSDT&period=5m&startTime=1789999800000&endTime=1790000399999&limit=500",
                "/futures/data/topLongShortAccountRatio?symbol=SOLUSDT&period=5m&limit=1",
                "/futures/data/topLongShortPositionRatio?symbol=SOLUSDT&period=5m&limit=1",
                "/futures/data/globalLongShortAccountRatio?symbol=SOLUSDT&period=5m&limit=1",
                "/futures/data/takerlongshortRatio?symbol=SOLUSDT&period=5m&limit=1",
            ],
            fixture.Exchange.Requests);
        Assert.Equal((0, 5), (fixture.Planner.Used(RequestPool.Weight), fixture.Planner.Used(RequestPool.FuturesData)));
    }

    [Fact]
    public async Task Funding_keeps_its_raw_time_and_an_empty_mark_price_is_unknown()
    {
        await using RestFixture fixture = await RestFixture.StartAsync(
            FakeExchange.Json(
                """[{"symbol":"SOLUSDT","fundingTime":1790006400003,"fundingRate":"0.00004000","markPrice":"180.2","rateType":"Regular"},{"symbol":"SOLUSDT","fundingTime":1640995200000,"fundingRate":"-0.0001","markPrice":""}]"""), _time);
        Answer<FundingRow> answer = await fixture.Client.GetFundingAsync(
            null, 5, null, RequestPriority.Tick, CancellationToken.None);
        Assert.Equal(
            [
                new FundingRow(Solana, new FundingSettlement(1_790_006_400_003, 0.00004m, 180.2m), "Regular"),
                new FundingRow(Solana, new FundingSettlement(1_640_995_200_000, -0.0001m, null), string.Empty),
            ],
            answer.Rows);
        Assert.Equal(["/fapi/v1/fundingRate?startTime=5&limit=1000"], fixture.Exchange.Requests);
        Assert.Equal((0, 1), (fixture.Planner.Used(RequestPool.Weight), fixture.Planner.Used(RequestPool.Funding)));
    }

    [Fact]
    public async Task Funding_of_all_symbols_is_paged_without_losing_a_settlement()
    {
        // Three settlements of 700 symbols each: pages end in the middle of an instant.
        (long Time,
            string Symbol)[] all = [.. Enumerable.Range(0, 2_100).Select(
                i => (28_800_000L * (1 + (i / 700)), $"S{i % 700}USDT"))];
        await using RestFixture fixture = await RestFixture.StartAsync(
            context =>
            {
                long start = long.Parse(
                    context.Request.Query["startTime"]!, System.Globalization.CultureInfo.InvariantCulture);
                IEnumerable<string> rows = all.Where(row => row.Time >= start).Take(1_000)
                    .Select(static row =>
                        $$"""{"symbol":"{{row.Symbol}}","fundingTime":{{row.Time}},"fundingRate":"0.0001","markPrice":"1"}""");
                return FakeExchange.WriteAsync(context, "[" + string.Join(',', rows) + "]");
            },
            _time);
        HashSet<(long, string)> seen = [];
        await foreach (Answer<FundingRow> page in fixture.Client.GetAllFundingAsync(
            1, RequestPriority.Tick, CancellationToken.None))
        {
            seen.UnionWith(page.Rows.Select(static row => (row.Settlement.FundingTime, row.Symbol.Text)));
        }

        Assert.Equal(2_100, seen.Count);
        Assert.InRange(fixture.Exchange.Requests.Count, 3, 4);
    }

    [Fact]
    public async Task Terms_of_funding_may_lack_their_update_time()
    {
        await using RestFixture fixture = await RestFixture.StartAsync(
            FakeExchange.Json(
                """[{"symbol":"SOLUSDT","adjustedFundingRateCap":"0.02","adjustedFundingRateFloor":"-0.02","fundingIntervalHours":4,"disclaimer":false,"updateTime":1760000000000},{"symbol":"BTCUSDT","fundingIntervalHours":8,"updateTime":null}]"""), _time);
        Answer<FundingTerms> answer = await fixture.Client.GetFundingTermsAsync(
            RequestPriority.Tick, CancellationToken.None);
        Assert.Equal(
            [new FundingTerms(Solana, 4, 0.02m, -0.02m, 1_760_000_000_000),
                new FundingTerms(Symbol.Parse("BTCUSDT"), 8, null, null, null)],
            answer.Rows);
    }

    [Fact]
    public async Task Bar_that_still_forms_and_rows_outside_of_the_window_are_left_out()
    {
        long start = 1_790_000_100_000 / 60_000 * 60_000;
        string Row(long open) =>
            $$"""[{{open}},"180.2","180.4","180.1","180.3","850.0",{{open + 59_999}},"153200.0",97,"400.0","72100.0","0"]""";
        await using RestFixture fixture = await RestFixture.StartAsync(
            FakeExchange.Json(
                $"[{Row(start - 180_000)},{Row(start - 120_000)},{Row(start - 60_000)},{Row(start)},[1,2]]"), _time);
        Answer<Bar> answer = await fixture.Client.GetBarsAsync(
            Solana, BarSource.Trades, Period.OneMinute, start - 120_000, start + 60_000, RequestPriority.Tick,
            CancellationToken.None);
        Assert.Equal([start - 120_000, start - 60_000], answer.Rows.Select(static bar => bar.OpenTime));
        Assert.Equal(
            new Bar(start - 60_000, 60_000, 180.2m, 180.4m, 180.1m, 180.3m, 850.0m, 153_200.0m, 400.0m, 72_100.0m, 97),
            answer.Rows[1]);
        Assert.Equal((2, 2), (answer.Rejected, fixture.Planner.Used(RequestPool.Weight)));
        Assert.Equal(
            [$"/fapi/v1/klines?symbol=SOLUSDT&interval=1m&startTime={start - 120_000}&endTime={start + 59_999}"
            + "&limit=500"], fixture.Exchange.Requests);
    }

    [Theory]
    [InlineData(59_500, 0, 2)]
    [InlineData(60_500, 0, 3)]
    [InlineData(60_500, -1_000, 2)]
    public async Task Bar_that_ends_while_it_is_asked_for_is_left_out(long sentAfterMs, double offsetMs, int finished)
    {
        long start = 1_790_000_100_000;
        string Row(long open) =>
            $$"""[{{open}},"180.2","180.4","180.1","180.3","850.0",{{open + 59_999}},"153200.0",97,"400.0","72100.0","0"]""";
        await using RestFixture fixture = await RestFixture.StartAsync(
            context =>
            {
                // Looked up at once, and long on its way.
                _time.Advance(TimeSpan.FromSeconds(3));
                return FakeExchange.WriteAsync(
                    context, $"[{Row(start - 120_000)},{Row(start - 60_000)},{Row(start)},{Row(start + 60_000)}]");
            },
            _time);
        fixture.Planner.ClockOffsetMs = offsetMs;
        _time.AdvanceTo(DateTimeOffset.FromUnixTimeMilliseconds(start + sentAfterMs));
        Answer<Bar> answer = await fixture.Client.GetBarsAsync(
            Solana, BarSource.Trades, Period.OneMinute, start - 120_000, start + 120_000, RequestPriority.Tick,
            CancellationToken.None);
        Assert.Equal(finished, answer.Rows.Count);
    }

    [Fact]
    public async Task Every_window_is_asked_for_although_pages_are_short()
    {
        long start = 1_789_900_020_000 / 60_000 * 60_000;
        await using RestFixture fixture = await RestFixture.StartAsync(FakeExchange.Json("[]"), _time);
        int pages = 0;
        await foreach (Answer<Bar> page in fixture.Client.GetAllBarsAsync(
            Solana, BarSource.Index, Period.OneMinute, start, start + (1_200 * 60_000), RequestPriority.Backfill,
            CancellationToken.None))
        {
            pages++;
            Assert.Empty(page.Rows);
        }

        Assert.Equal(3, pages);
        Assert.All(
            fixture.Exchange.Requests,
            static request => Assert.StartsWith(
                "/fapi/v1/indexPriceKlines?pair=SOLUSDT", request, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Trades_are_events_that_were_filled_in()
    {
        await using RestFixture fixture = await RestFixture.StartAsync(
            FakeExchange.Json(
                """[{"a":777,"p":"180.15","q":"4.0","nq":"3.5","f":1500,"l":1502,"T":1790000000150,"m":true},{"a":778,"p":"180.15","q":"4.0","f":1503,"l":1503,"T":1790000000151,"m":false},{"a":779,"p":"NaN","q":"4.0","f":1503,"l":1503,"T":1790000000151,"m":false}]"""), _time);
        Answer<MarketEvent> answer = await fixture.Client.GetTradesFromIdAsync(
            Solana, 777, RequestPriority.Gap, CancellationToken.None);
        Assert.Equal((2, 1), (answer.Rows.Count, answer.Rejected));
        MarketEvent trade = answer.Rows[0];
        Assert.Equal(
            (777L, 180.15, 4.0, 3.5, Side.Sell, 3),
            (trade.TradeId, trade.Price, trade.Quantity, trade.QuantityWithoutRpi, trade.Side, trade.TradeCount));
        Assert.Equal(
            (false, 1_790_000_000_150, 1_790_000_100_500), (trade.IsFromStream, trade.EventTime, trade.ReceiveTime));
        Assert.Equal((4.0, Side.Buy), (answer.Rows[1].QuantityWithoutRpi, answer.Rows[1].Side));
        await fixture.Client.GetTradesByTimeAsync(Solana, 5_000, 6_000, RequestPriority.Gap, CancellationToken.None);
        Assert.Equal(
            ["/fapi/v1/aggTrades?symbol=SOLUSDT&fromId=777&limit=1000",
                "/fapi/v1/aggTrades?symbol=SOLUSDT&startTime=5000&endTime=5999&limit=1000"],
            fixture.Exchange.Requests);
        Assert.Equal(40, fixture.Planner.Used(RequestPool.Weight));
    }

    [Fact]
    public async Task Trades_beyond_two_days_have_a_code_of_their_own()
    {
        await using RestFixture fixture = await RestFixture.StartAsync(
            FakeExchange.Json("""{"code":-4166,"msg":"Search window is restricted to recent 2 days."}""", 400), _time);
        BinanceApiException failed = await Assert.ThrowsAsync<BinanceApiException>(
            () => fixture.Client.GetTradesFromIdAsync(Solana, 1, RequestPriority.Gap, CancellationToken.None));
        Assert.Equal(BinanceApiException.TradesTooOld, failed.Code);
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData(5, 2)]
    [InlineData(100, 5)]
    [InlineData(500, 10)]
    [InlineData(1000, 20)]
    public async Task Book_is_sorted_and_weighs_by_its_levels(int? levels, int weight)
    {
        await using RestFixture fixture = await RestFixture.StartAsync(
            FakeExchange.Json(
                """{"lastUpdateId":9005,"E":1790000000104,"T":1790000000100,"bids":[["180.00","1"],["180.10","12.5"]],"asks":[["180.30","3"],["180.20","4"]]}"""), _time);
        BookSnapshot book = await fixture.Client.GetBookAsync(
            Solana, levels, RequestPriority.Gap, CancellationToken.None);
        Assert.Equal((9_005, 1_790_000_000_100), (book.LastUpdateId, book.EventTime));
        Assert.Equal([new PriceLevel(180.10, 12.5), new PriceLevel(180.00, 1)], book.Bids);
        Assert.Equal([new PriceLevel(180.20, 4), new PriceLevel(180.30, 3)], book.Asks);
        Assert.Equal(weight, fixture.Planner.Used(RequestPool.Weight));
    }

    [Fact]
    public async Task Book_with_a_broken_level_is_refused_whole()
    {
        await using RestFixture fixture = await RestFixture.StartAsync(
            FakeExchange.Json("""{"lastUpdateId":9005,"bids":[["180.00","1"],["-180.10","12.5"]],"asks":[]}"""), _time);
        await Assert.ThrowsAsync<BinanceAnswerException>(
            () => fixture.Client.GetBookAsync(Solana, null, RequestPriority.Gap, CancellationToken.None));
    }

    [Fact]
    public async Task Recorded_listing_and_book_are_read_whole()
    {
        string listing = System.Text.Encoding.UTF8.GetString(Recorded.Frames("BINANCE_FUTURES.0.gz").First());
        string book = System.Text.Encoding.UTF8.GetString(Recorded.Frames("BINANCE_FUTURES.http.0.0.gz").First());
        await using RestFixture fixture = await RestFixture.StartAsync(
            context => FakeExchange.WriteAsync(context, context.Request.Path == "/fapi/v1/depth" ? book : listing),
            _time);
        ExchangeListing read = await fixture.Client.GetExchangeListingAsync(
            RequestPriority.Tick, CancellationToken.None);
        Assert.Equal((2_400, 0), (read.WeightLimit, read.Rejected));
        Assert.InRange(read.Instruments.Count, 100, 200);
        Assert.All(
            read.Instruments, static instrument => Assert.True(instrument.TickSize > 0 && instrument.StepSize > 0));
        BookSnapshot snapshot = await fixture.Client.GetBookAsync(
            Symbol.Parse("SUSHIUSDT"), 1_000, RequestPriority.Gap, CancellationToken.None);
        Assert.Equal((600_859_605_926, 1_000), (snapshot.LastUpdateId, snapshot.Bids.Count));
        Assert.True(snapshot.Bids[0].Price < snapshot.Asks[0].Price);
    }
}
