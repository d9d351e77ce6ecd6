using System.Globalization;
using System.Text.Json;
using Feeds.Simulator;
using Feeds.Simulator.Markets;
using Feeds.Tests.Time;
using Xunit;

namespace Feeds.Tests.Simulator.Markets;

/// <summary>
/// What must hold between the streams, and between streams and REST, of a generated market; read over real sockets.
/// </summary>
public sealed class MarketLawsTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _clock = new(new DateTimeOffset(2026, 3, 5, 7, 58, 30, TimeSpan.Zero));
    private VenueTwin _venue = null!;
    private RestClient _rest = null!;

    public async ValueTask InitializeAsync()
    {
        _venue = await VenueTwin.StartAsync(
            new VenueTwinOptions { Seed = 5, KeepLedger = true, PongTimeout = TimeSpan.FromDays(1) }, _clock);
        _rest = new RestClient(_venue);
    }

    public async ValueTask DisposeAsync()
    {
        _rest.Dispose();
        await _venue.DisposeAsync();
    }

    [Theory]
    [InlineData("btcusdt")]
    [InlineData("yfiusdt")]
    public async Task Trade_ids_are_consecutive_raw_ids_chain_and_event_time_is_not_before_trade_time(string symbol)
    {
        List<JsonElement> trades = await ReadAsync("/market", [$"{symbol}@aggTrade"], TimeSpan.FromMinutes(5));
        Assert.NotEmpty(trades);
        for (int i = 0; i < trades.Count; i++)
        {
            Assert.True(Long(trades[i], "E") >= Long(trades[i], "T"));
            Assert.True(Long(trades[i], "l") >= Long(trades[i], "f"));
            Assert.True(Number(trades[i], "nq") <= Number(trades[i], "q"));
            if (i > 0)
            {
                Assert.Equal(Long(trades[i - 1], "a") + 1, Long(trades[i], "a"));
                Assert.Equal(Long(trades[i - 1], "l") + 1, Long(trades[i], "f"));
                Assert.True(Long(trades[i], "T") >= Long(trades[i - 1], "T"));
            }
        }
    }

    [Fact]
    public async Task Trades_over_rest_are_the_trades_of_the_stream()
    {
        List<JsonElement> streamed = await ReadAsync("/market", ["solusdt@aggTrade"], TimeSpan.FromMinutes(1));
        JsonElement rows = await _rest.GetAsync(
            $"/fapi/v1/aggTrades?symbol=SOLUSDT&fromId={Long(streamed[0], "a")}&limit=1000");
        Assert.True(rows.GetArrayLength() >= streamed.Count);
        for (int i = 0; i < streamed.Count; i++)
        {
            foreach (string field in (string[])["a", "p", "q", "nq", "f", "l", "T", "m"])
            {
                Assert.Equal(streamed[i].GetProperty(field).ToString(), rows[i].GetProperty(field).ToString());
            }
        }
    }

    [Theory]
    [InlineData("btcusdt", "depth@100ms")]
    [InlineData("dogeusdt", "depth@500ms")]
    [InlineData("blastusdt", "depth")]
    public async Task A_book_kept_from_deltas_by_the_published_rule_equals_later_snapshots(string symbol, string stream)
    {
        using StreamClient client = await StreamClient.OpenAsync(_venue, $"/public/stream?streams={symbol}@{stream}");
        _clock.Advance(TimeSpan.FromSeconds(2));
        JsonElement snapshot = await _rest.GetAsync($"/fapi/v1/depth?symbol={symbol}&limit=1000");
        SlowBook book = new(snapshot);
        _clock.Advance(TimeSpan.FromSeconds(60));
        List<JsonElement> deltas = [.. (await client.AllAsync()).Select(static m => m.GetProperty("data"))];
        long previous = 0;
        foreach (JsonElement delta in deltas)
        {
            Assert.True(previous == 0 || Long(delta, "pu") == previous);
            Assert.True(Long(delta, "U") <= Long(delta, "u"));
            previous = Long(delta, "u");
            book.Apply(delta);
        }

        JsonElement later = await _rest.GetAsync($"/fapi/v1/depth?symbol={symbol}&limit=500");
        if (stream == "depth@100ms")
        {
            Assert.Equal(Long(later, "lastUpdateId"), book.LastUpdateId);
        }

        // The slower streams may be behind the book by one push, so their books are compared where they stand.
        Assert.True(book.Applied > 50);
        if (book.LastUpdateId == Long(later, "lastUpdateId"))
        {
            Assert.Equal(Levels(later, "bids").Take(100), book.Bids(100));
            Assert.Equal(Levels(later, "asks").Take(100), book.Asks(100));
        }
    }

    [Fact]
    public async Task A_partial_book_is_sorted_not_crossed_and_equals_the_diff_book_at_the_same_id()
    {
        using StreamClient client = await StreamClient.OpenAsync(
            _venue, "/public/stream?streams=ethusdt@depth20@100ms/ethusdt@depth@100ms");
        _clock.Advance(TimeSpan.FromSeconds(1));
        SlowBook book = new(await _rest.GetAsync("/fapi/v1/depth?symbol=ETHUSDT&limit=1000"));
        _clock.Advance(TimeSpan.FromSeconds(30));
        int compared = 0;
        Dictionary<long, (string Bids, string Asks)> partial = [];
        List<JsonElement> messages = await client.AllAsync();
        foreach (JsonElement message in messages.Where(
            static m => m.GetProperty("stream").GetString() == "ethusdt@depth20@100ms"))
        {
            JsonElement data = message.GetProperty("data");
            List<(decimal Price, decimal Quantity)> bids = Levels(data, "b");
            List<(decimal Price, decimal Quantity)> asks = Levels(data, "a");
            Assert.True(bids[0].Price < asks[0].Price);
            Assert.Equal(bids.OrderByDescending(static l => l.Price), bids);
            Assert.Equal(asks.OrderBy(static l => l.Price), asks);
            Assert.Equal(20, bids.Count);
            partial[Long(data, "u")] = (string.Join(' ', bids), string.Join(' ', asks));
        }

        foreach (JsonElement message in messages.Where(
            static m => m.GetProperty("stream").GetString() == "ethusdt@depth@100ms"))
        {
            book.Apply(message.GetProperty("data"));
            if (partial.TryGetValue(book.LastUpdateId, out (string Bids, string Asks) top) && book.Applied > 0)
            {
                Assert.Equal(top.Bids, string.Join(' ', book.Bids(20)));
                Assert.Equal(top.Asks, string.Join(' ', book.Asks(20)));
                compared++;
            }
        }

        Assert.True(compared > 100, $"{compared} compared");
    }

    [Theory]
    [InlineData("btcusdt")]
    [InlineData("lumiausdt")]
    public async Task Final_bars_are_the_trades_of_their_minute_and_the_rows_of_rest(string symbol)
    {
        List<JsonElement> messages = await ReadAsync(
            "/market", [$"{symbol}@aggTrade", $"{symbol}@kline_1m"], TimeSpan.FromMinutes(4));
        List<JsonElement> finals =
            [.. messages.Where(static m => m.TryGetProperty("k", out JsonElement k) && k.GetProperty("x").GetBoolean())
            .Select(static m => m.GetProperty("k"))];
        Assert.True(finals.Count >= 3);
        List<JsonElement> trades = [.. messages.Where(static m => m.GetProperty("e").GetString() == "aggTrade")];
        foreach (JsonElement bar in finals.Skip(1))
        {
            List<JsonElement> inside =
                [.. trades.Where(t => Long(t, "T") >= Long(bar, "t") && Long(t, "T") <= Long(bar, "T"))];
            Assert.Equal(inside.Sum(static t => Number(t, "q")), Number(bar, "v"));
            Assert.Equal(inside.Sum(static t => Number(t, "p") * Number(t, "q")), Number(bar, "q"));
            Assert.Equal(inside.Where(static t => !t.GetProperty("m").GetBoolean()).Sum(static t => Number(t, "q")),
                Number(bar, "V"));
            if (inside.Count > 0)
            {
                Assert.Equal(Number(inside[0], "p"), Number(bar, "o"));
                Assert.Equal(Number(inside[^1], "p"), Number(bar, "c"));
                Assert.Equal(inside.Max(static t => Number(t, "p")), Number(bar, "h"));
                Assert.Equal(inside.Min(static t => Number(t, "p")), Number(bar, "l"));
                Assert.Equal(inside.Sum(static t => Long(t, "l") - Long(t, "f") + 1), Long(bar, "n"));
            }

            JsonElement row = (await _rest.GetAsync(
                $"/fapi/v1/klines?symbol={symbol}&interval=1m&startTime={Long(bar, "t")}&limit=1"))[0];
            string[] fields = ["t", "o", "h", "l", "c", "v", "T", "q", "n", "V", "Q"];
            for (int i = 0; i < fields.Length; i++)
            {
                Assert.Equal(row[i].ToString(), bar.GetProperty(fields[i]).ToString());
            }
        }
    }

    [Fact]
    public async Task The_last_row_of_klines_is_the_bar_in_progress_and_longer_bars_are_sums()
    {
        _clock.Advance(TimeSpan.FromSeconds(5));
        JsonElement minutes = await _rest.GetAsync("/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=20");
        long now = _venue.Now.ToUnixTimeMilliseconds();
        Assert.True(minutes[19][0].GetInt64() <= now && minutes[19][6].GetInt64() > now);
        JsonElement fives = await _rest.GetAsync("/fapi/v1/klines?symbol=BTCUSDT&interval=5m&limit=2");
        long open = fives[0][0].GetInt64();
        List<JsonElement> parts =
            [.. minutes.EnumerateArray().Where(r => r[0].GetInt64() >= open && r[0].GetInt64() < open + 300_000)];
        Assert.Equal(5, parts.Count);
        Assert.Equal(parts.Sum(static r => Number(r[5])), Number(fives[0][5]));
        Assert.Equal(parts.Max(static r => Number(r[2])), Number(fives[0][2]));
        Assert.Equal(parts.Min(static r => Number(r[3])), Number(fives[0][3]));
        Assert.Equal(Number(parts[0][1]), Number(fives[0][1]));
        Assert.Equal(Number(parts[4][4]), Number(fives[0][4]));
    }

    [Fact]
    public async Task The_settled_rate_is_the_last_predicted_one_and_its_time_has_some_milliseconds()
    {
        // 07:58:30 → 08:00:30: a settlement for every interval lies inside.
        List<JsonElement> marks = await ReadAsync("/market", ["pumpusdt@markPrice@1s"], TimeSpan.FromMinutes(2));
        JsonElement last = marks.Last(
            static m => m.GetProperty("T").GetInt64() - m.GetProperty("E").GetInt64() == 1000);
        JsonElement rows = await _rest.GetAsync("/fapi/v1/fundingRate?symbol=PUMPUSDT&limit=2");
        Assert.Equal(last.GetProperty("r").GetString(), rows[1].GetProperty("fundingRate").GetString());
        long time = Long(rows[1], "fundingTime");
        Assert.InRange(time - Long(last, "T"), 0, 14);
        Assert.Equal(4 * 3_600_000.0, time - Long(rows[0], "fundingTime"), 30.0);
        Assert.Equal(Long(last, "T") + (4 * 3_600_000), Long(marks[^1], "T"));
    }

    [Fact]
    public async Task Open_interest_now_and_in_history_agree_at_the_five_minutes_and_follow_a_price_in_dollars()
    {
        _clock.AdvanceTo(new DateTimeOffset(2026, 3, 5, 8, 5, 0, TimeSpan.Zero));
        JsonElement now = await _rest.GetAsync("/fapi/v1/openInterest?symbol=ETHUSDT");
        JsonElement premium = await _rest.GetAsync("/fapi/v1/premiumIndex?symbol=ETHUSDT");
        _clock.Advance(TimeSpan.FromSeconds(6));
        JsonElement rows = await _rest.GetAsync("/futures/data/openInterestHist?symbol=ETHUSDT&period=5m&limit=2");
        Assert.Equal(Long(now, "time"), Long(rows[1], "timestamp"));
        Assert.Equal(Number(now, "openInterest"), Number(rows[1], "sumOpenInterest"));
        decimal value = Number(now, "openInterest") * Number(premium, "markPrice");
        Assert.InRange(Number(rows[1], "sumOpenInterestValue"), value - 1, value + 1);
        Assert.NotEqual(Number(rows[0], "sumOpenInterest"), Number(rows[1], "sumOpenInterest"));
    }

    [Fact]
    public async Task Mark_price_bars_are_the_marks_of_the_stream()
    {
        List<JsonElement> marks = await ReadAsync("/market", ["xrpusdt@markPrice@1s"], TimeSpan.FromMinutes(3));
        long open = new DateTimeOffset(2026, 3, 5, 8, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        List<JsonElement> inside = [.. marks.Where(m => Long(m, "E") >= open && Long(m, "E") < open + 60_000)];
        Assert.Equal(60, inside.Count);
        JsonElement row = (
            await _rest.GetAsync($"/fapi/v1/markPriceKlines?symbol=XRPUSDT&interval=1m&startTime={open}&limit=1"))[0];
        Assert.Equal(inside[0].GetProperty("p").GetString(), row[1].GetString());
        Assert.Equal(inside.Max(static m => Number(m, "p")), Number(row[2]));
        Assert.Equal(inside.Min(static m => Number(m, "p")), Number(row[3]));
        Assert.Equal(inside[^1].GetProperty("p").GetString(), row[4].GetString());
    }

    [Fact]
    public async Task At_most_one_liquidation_of_a_symbol_and_second_is_published_the_latest()
    {
        List<JsonElement> orders = [.. (await ReadAsync("/market", ["!forceOrder@arr"], TimeSpan.FromMinutes(90)))
            .Where(static o => o.GetProperty("st").GetInt32() == 1).Select(static o => o.GetProperty("o"))];
        Assert.Equal(orders.Count, orders.DistinctBy(
            static o => (o.GetProperty("s").GetString(), Long(o, "T") / 1000)).Count());
        int hidden = 0;
        foreach (string symbol in _venue.Symbols)
        {
            IReadOnlyList<LiquidationPrint> truth = _venue.Ledger.Liquidations(symbol);
            List<long> latest = [.. truth.GroupBy(static l => l.Time / 1000).Select(static g => g.Last().Time)];
            Assert.Equal(latest, orders.Where(o => o.GetProperty("s").GetString() == symbol).Select(
                static o => Long(o, "T")));
            hidden += truth.Count - latest.Count;
        }

        Assert.True(orders.Count > 50, $"{orders.Count} orders");
        Assert.True(hidden > 0, "none was hidden");
    }

    private static long Long(JsonElement e, string name) => e.GetProperty(name).GetInt64();

    private static decimal Number(JsonElement e, string name) => Number(e.GetProperty(name));

    private static decimal Number(JsonElement e) => decimal.Parse(e.GetString()!, CultureInfo.InvariantCulture);

    private static List<(decimal Price, decimal Quantity)> Levels(JsonElement e, string name) =>
        [.. e.GetProperty(name).EnumerateArray().Select(static l => (Number(l[0]), Number(l[1])))];

    private async Task<List<JsonElement>> ReadAsync(string route, string[] streams, TimeSpan length)
    {
        using StreamClient client = await StreamClient.OpenAsync(
            _venue, $"{route}/stream?streams={string.Join('/', streams)}");
        _clock.Advance(length);
        return [.. (await client.AllAsync()).Select(static m => m.GetProperty("data"))];
    }
}
