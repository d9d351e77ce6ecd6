using System.Text.Json;
using Feeds.Binance.Limits;
using Feeds.Core.Market;

namespace Feeds.Binance.Rest;

/// <content>Clock, listing, premium index, books, trades, bars.</content>
public sealed partial class BinanceRestClient
{
    /// <summary>The most trades of one call.</summary>
    public const int TradesPerPage = 1000;

    // Rows for the weight: 100 for 1, 500 for 2, 1000 for 5, 1500 for 10. Five hundred are the cheapest.

    /// <summary>Bars of one call, where a row costs least.</summary>
    public const int BarsPerPage = 500;

    /// <summary>The weight of one call for bars.</summary>
    public const int BarsPageWeight = 2;

    /// <summary>
    /// Looks at the exchange's clock; the planner and the choice of finished bars follow it from then on. Weight 1.
    /// </summary>
    public Task<ServerClock> GetTimeAsync(RequestPriority priority, CancellationToken cancellationToken) =>
        _transport.GetAsync(
            "/fapi/v1/time",
            new RequestUrl("/fapi/v1/time"),
            RequestCost.OfWeight(1),
            priority,
            (root, times) =>
            {
                if (!RequireObject(root).TryInt64("serverTime", out long serverTime) || serverTime <= 0)
                {
                    throw new UnexpectedAnswerException("answered without serverTime");
                }

                ServerClock clock = new(serverTime, times.SentTime, times.ReceiveTime);
                _planner.ClockOffsetMs = clock.OffsetMs;
                return clock;
            },
            cancellationToken);

    /// <summary>Asks what is listed, and tells the planner the weight limit. Weight 1.</summary>
    public Task<ExchangeListing> GetExchangeListingAsync(RequestPriority priority, CancellationToken cancellationToken)
    {
        const string Endpoint = "/fapi/v1/exchangeInfo";
        return _transport.GetAsync(
            Endpoint,
            new RequestUrl(Endpoint),
            RequestCost.OfWeight(1),
            priority,
            (root, times) =>
            {
                if (!RequireObject(root).TryField("symbols", out JsonElement symbols))
                {
                    throw new UnexpectedAnswerException("answered without symbols");
                }

                Answer<Instrument> rows = ReadRows<Instrument>(Endpoint, symbols, times, ListingRows.TryReadInstrument);
                int? limit = ListingRows.WeightLimit(root);
                if (limit is > 0)
                {
                    _planner.WeightLimit = limit.Value;
                }

                return new ExchangeListing(
                    root.OptionalInt64("serverTime"), limit, rows.Rows, rows.Rejected, times.ReceiveTime);
            },
            cancellationToken);
    }

    /// <summary>The premium index of all symbols in one call. Weight 10.</summary>
    public Task<Answer<PremiumRow>> GetPremiumAsync(RequestPriority priority, CancellationToken cancellationToken) =>
        GetRowsAsync<PremiumRow>(
            "/fapi/v1/premiumIndex",
            new RequestUrl("/fapi/v1/premiumIndex"),
            RequestCost.OfWeight(10),
            priority,
            MarketRows.TryReadPremium,
            cancellationToken);

    /// <summary>The premium index of one symbol, and when it was received (epoch ms). Weight 1.</summary>
    public Task<(PremiumRow Row, long ReceiveTime)> GetPremiumAsync(
        Symbol symbol, RequestPriority priority, CancellationToken cancellationToken) =>
        _transport.GetAsync(
            "/fapi/v1/premiumIndex",
            new RequestUrl("/fapi/v1/premiumIndex").With("symbol", symbol.Text),
            RequestCost.OfWeight(1),
            priority,
            (root, times) => MarketRows.TryReadPremium(RequireObject(root), out PremiumRow row)
                ? (row, times.ReceiveTime)
                : throw new UnexpectedAnswerException("answered without a premium index"),
            cancellationToken);

    /// <summary>
    /// A snapshot of the book. Without levels the exchange gives 500 a side for weight 1; 1000 weigh 20.
    /// </summary>
    /// <param name="symbol">Which symbol.</param>
    /// <param name="levels">5, 10, 20, 50, 100, 500, 1000, or null.</param>
    /// <param name="priority">Which request goes first.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task<BookSnapshot> GetBookAsync(
        Symbol symbol, int? levels, RequestPriority priority, CancellationToken cancellationToken) =>
        _transport.GetAsync(
            "/fapi/v1/depth",
            new RequestUrl("/fapi/v1/depth").With("symbol", symbol.Text).With("limit", levels),
            RequestCost.OfWeight(levels switch { null => 1, <= 50 => 2, <= 100 => 5, <= 500 => 10, _ => 20 }),
            priority,
            (root, times) => MarketRows.TryReadBook(RequireObject(root), times.ReceiveTime, out BookSnapshot book)
                ? book
                : throw new UnexpectedAnswerException("answered without a book"),
            cancellationToken);

    /// <summary>
    /// Trades from an id on, ascending, at most <see cref="TradesPerPage"/>, as events that were filled in. Weight 20.
    /// </summary>
    /// <exception cref="BinanceApiException">
    /// Code <see cref="BinanceApiException.TradesTooOld"/>: older than 48 hours.
    /// </exception>
    public Task<Answer<MarketEvent>> GetTradesFromIdAsync(
        Symbol symbol, long fromId, RequestPriority priority, CancellationToken cancellationToken) =>
        GetTradesAsync(
            new RequestUrl("/fapi/v1/aggTrades").With("symbol", symbol.Text).With("fromId", fromId).With(
                "limit", TradesPerPage),
            priority,
            cancellationToken);

    /// <summary>
    /// Trades of <c>[startTime, endTime)</c>, epoch ms, ascending, at most <see cref="TradesPerPage"/>: go on from the
    /// last id with <see cref="GetTradesFromIdAsync"/>. Weight 20.
    /// </summary>
    /// <exception cref="BinanceApiException">
    /// Code <see cref="BinanceApiException.TradesTooOld"/>: older than 48 hours.
    /// </exception>
    public Task<Answer<MarketEvent>> GetTradesByTimeAsync(
        Symbol symbol, long startTime, long endTime, RequestPriority priority, CancellationToken cancellationToken) =>
        GetTradesAsync(
            new RequestUrl("/fapi/v1/aggTrades").With("symbol", symbol.Text)
                .With("startTime", startTime).With("endTime", endTime - 1).With("limit", TradesPerPage),
            priority,
            cancellationToken);

    /// <summary>
    /// Finished bars of <c>[startTime, endTime)</c> in one call; the stretch may hold at most <see cref="BarsPerPage"/>
    /// periods. A bar that had not ended when the request was sent and rows outside of the stretch are left out, the
    /// latter counted as rejected. Weight 2.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The stretch holds more periods than a page.</exception>
    public Task<Answer<Bar>> GetBarsAsync(
        Symbol symbol,
        BarSource source,
        Period period,
        long startTime,
        long endTime,
        RequestPriority priority,
        CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            endTime - startTime, period.LengthMs * BarsPerPage, nameof(endTime));
        string endpoint = source switch
        {
            BarSource.Mark => "/fapi/v1/markPriceKlines",
            BarSource.Index => "/fapi/v1/indexPriceKlines",
            BarSource.Premium => "/fapi/v1/premiumIndexKlines",
            _ => "/fapi/v1/klines",
        };
        RequestUrl url = new RequestUrl(endpoint)
            .With(source == BarSource.Index ? "pair" : "symbol", symbol.Text)
            .With("interval", period.Name)
            .With("startTime", startTime)
            .With("endTime", endTime - 1)
            .With("limit", BarsPerPage);
        return _transport.GetAsync(
            endpoint,
            url,
            RequestCost.OfWeight(BarsPageWeight),
            priority,
            (root, times) => Finished(
                endpoint,
                ReadRows<Bar>(
                    endpoint, root, times,
                    (JsonElement row, out Bar bar) => MarketRows.TryReadBar(row, period, out bar)),
                times.SentTime,
                startTime,
                endTime),
            cancellationToken);
    }

    /// <summary>
    /// Finished bars of <c>[startTime, endTime)</c>, any stretch, window by window. Stops asking when the reader stops.
    /// </summary>
    public async IAsyncEnumerable<Answer<Bar>> GetAllBarsAsync(
        Symbol symbol,
        BarSource source,
        Period period,
        long startTime,
        long endTime,
        RequestPriority priority,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach ((long start, long end) in AlignedWindows.Of(startTime, endTime, period.LengthMs, BarsPerPage))
        {
            yield return await GetBarsAsync(symbol, source, period, start, end, priority, cancellationToken);
        }
    }

    private Task<Answer<MarketEvent>> GetTradesAsync(
        RequestUrl url, RequestPriority priority, CancellationToken cancellationToken)
    {
        const string Endpoint = "/fapi/v1/aggTrades";
        return _transport.GetAsync(
            Endpoint,
            url,
            RequestCost.OfWeight(20),
            priority,
            (root, times) => ReadRows<MarketEvent>(
                Endpoint, root, times,
                (JsonElement row, out MarketEvent trade) => MarketRows.TryReadTrade(row, times.ReceiveTime, out trade)),
            cancellationToken);
    }

    private Answer<Bar> Finished(string endpoint, Answer<Bar> answer, long sentTime, long startTime, long endTime)
    {
        // The answer may be from any moment after that: what had ended by then is final, what ended later may not be.
        long exchangeTime = sentTime + (long)_planner.ClockOffsetMs;
        List<Bar> bars = new(answer.Rows.Count);
        int outside = 0;
        foreach (Bar bar in answer.Rows)
        {
            if (bar.OpenTime < startTime || bar.OpenTime >= endTime)
            {
                outside++;
            }
            else if (bar.EndTime <= exchangeTime)
            {
                bars.Add(bar);
            }
        }

        Counters.CountRejected(endpoint, outside);
        return new Answer<Bar>(bars, answer.Rejected + outside, answer.ReceiveTime);
    }
}
