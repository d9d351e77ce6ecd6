using Feeds.Binance.Limits;
using Feeds.Core.Market;

namespace Feeds.Binance.Rest;

/// <content>Open interest, funding, ratios.</content>
public sealed partial class BinanceRestClient
{
    /// <summary>Rows of one call for statistics.</summary>
    public const int StatisticsPerPage = 500;

    /// <summary>Rows of one call for funding rates.</summary>
    public const int FundingPerPage = 1000;

    /// <summary>Open interest as of now, and when it was received (epoch ms). Weight 1.</summary>
    public Task<(Stamped<OpenInterestRecord> Record, long ReceiveTime)> GetOpenInterestAsync(
        Symbol symbol, RequestPriority priority, CancellationToken cancellationToken) =>
        _transport.GetAsync(
            "/fapi/v1/openInterest",
            new RequestUrl("/fapi/v1/openInterest").With("symbol", symbol.Text),
            RequestCost.OfWeight(1),
            priority,
            (root, times) => StatisticsRows.TryReadOpenInterest(
                RequireObject(root), out Stamped<OpenInterestRecord> record)
                ? (record, times.ReceiveTime)
                : throw new UnexpectedAnswerException("answered without openInterest and time"),
            cancellationToken);

    /// <summary>
    /// Open-interest statistics, ascending: the newest rows, or those of <c>[startTime, endTime)</c>; the last 30 days
    /// are served.
    /// </summary>
    /// <param name="symbol">Which symbol.</param>
    /// <param name="period">Period of the statistics, at least 5 minutes.</param>
    /// <param name="startTime">Epoch ms; null for the newest.</param>
    /// <param name="endTime">Epoch ms, exclusive; null for the newest.</param>
    /// <param name="limit">Rows, 1…<see cref="StatisticsPerPage"/>.</param>
    /// <param name="priority">Which request goes first.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task<Answer<Stamped<OpenInterestRecord>>> GetOpenInterestHistoryAsync(
        Symbol symbol,
        Period period,
        long? startTime,
        long? endTime,
        int limit,
        RequestPriority priority,
        CancellationToken cancellationToken) =>
        GetStatisticsAsync<Stamped<OpenInterestRecord>>(
            "/futures/data/openInterestHist",
            symbol,
            period,
            (startTime, endTime, limit),
            priority,
            (System.Text.Json.JsonElement row, out Stamped<OpenInterestRecord> record) =>
                StatisticsRows.TryReadOpenInterestHistory(row, period, out record),
            cancellationToken);

    /// <summary>A long/short ratio, ascending; otherwise as <see cref="GetOpenInterestHistoryAsync"/>.</summary>
    public Task<Answer<Stamped<LongShortRatio>>> GetLongShortRatioAsync(
        Symbol symbol,
        RatioKind kind,
        Period period,
        long? startTime,
        long? endTime,
        int limit,
        RequestPriority priority,
        CancellationToken cancellationToken) =>
        GetStatisticsAsync<Stamped<LongShortRatio>>(
            kind switch
            {
                RatioKind.TopAccounts => "/futures/data/topLongShortAccountRatio",
                RatioKind.TopPositions => "/futures/data/topLongShortPositionRatio",
                _ => "/futures/data/globalLongShortAccountRatio",
            },
            symbol,
            period,
            (startTime, endTime, limit),
            priority,
            (System.Text.Json.JsonElement row, out Stamped<LongShortRatio> ratio) =>
                StatisticsRows.TryReadLongShortRatio(row, kind, period, out ratio),
            cancellationToken);

    /// <summary>The taker buy/sell ratio, ascending; otherwise as <see cref="GetOpenInterestHistoryAsync"/>.</summary>
    public Task<Answer<Stamped<TakerRatio>>> GetTakerRatioAsync(
        Symbol symbol,
        Period period,
        long? startTime,
        long? endTime,
        int limit,
        RequestPriority priority,
        CancellationToken cancellationToken) =>
        GetStatisticsAsync<Stamped<TakerRatio>>(
            "/futures/data/takerlongshortRatio",
            symbol,
            period,
            (startTime, endTime, limit),
            priority,
            (System.Text.Json.JsonElement row, out Stamped<TakerRatio> ratio) =>
                StatisticsRows.TryReadTakerRatio(row, period, out ratio),
            cancellationToken);

    /// <summary>
    /// Settled funding rates from <paramref name="startTime"/> on, ascending, at most <see cref="FundingPerPage"/>
    /// rows.
    /// </summary>
    /// <param name="symbol">Which symbol; null for all in one call.</param>
    /// <param name="startTime">Epoch ms; null for the newest.</param>
    /// <param name="endTime">Epoch ms, exclusive; null for no end.</param>
    /// <param name="priority">Which request goes first.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task<Answer<FundingRow>> GetFundingAsync(
        Symbol? symbol, long? startTime, long? endTime, RequestPriority priority,
        CancellationToken cancellationToken) =>
        GetRowsAsync<FundingRow>(
            "/fapi/v1/fundingRate",
            new RequestUrl("/fapi/v1/fundingRate").With("symbol", symbol?.Text)
                .With("startTime", startTime).With("endTime", endTime - 1).With("limit", FundingPerPage),
            RequestCost.Funding,
            priority,
            StatisticsRows.TryReadFunding,
            cancellationToken);

    /// <summary>
    /// All settled funding rates of all symbols from <paramref name="startTime"/> (epoch ms) on, page by page. The last
    /// settlement time of a full page is asked for again, as the page may have ended within it: rows may come twice.
    /// </summary>
    public async IAsyncEnumerable<Answer<FundingRow>> GetAllFundingAsync(
        long startTime,
        RequestPriority priority,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            Answer<FundingRow> page = await GetFundingAsync(null, startTime, null, priority, cancellationToken);
            yield return page;
            if (page.Rows.Count + page.Rejected < FundingPerPage || page.Rows.Count == 0)
            {
                yield break;
            }

            // A page that holds one instant only cannot be continued from that instant.
            long last = page.Rows.Max(static row => row.Settlement.FundingTime);
            startTime = last > startTime ? last : last + 1;
        }
    }

    /// <summary>How funding is settled now: interval, cap and floor. Weight 0, of the funding pool.</summary>
    public Task<Answer<FundingTerms>> GetFundingTermsAsync(
        RequestPriority priority, CancellationToken cancellationToken) =>
        GetRowsAsync<FundingTerms>(
            "/fapi/v1/fundingInfo",
            new RequestUrl("/fapi/v1/fundingInfo"),
            RequestCost.Funding,
            priority,
            StatisticsRows.TryReadFundingTerms,
            cancellationToken);

    private Task<Answer<T>> GetStatisticsAsync<T>(
        string endpoint,
        Symbol symbol,
        Period period,
        (long? Start, long? End, int Limit) range,
        RequestPriority priority,
        RowReader<T> read,
        CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(range.Limit, 1, nameof(range));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(range.Limit, StatisticsPerPage, nameof(range));
        RequestUrl url = new RequestUrl(endpoint)
            .With("symbol", symbol.Text)
            .With("period", period.Name)
            .With("startTime", range.Start)
            .With("endTime", range.End - 1)
            .With("limit", range.Limit);
        return GetRowsAsync(endpoint, url, RequestCost.FuturesData, priority, read, cancellationToken);
    }
}
