using Feeds.Binance.Limits;
using Feeds.Binance.Rest;
using Feeds.Core.Market;
using Feeds.Engine.Symbols;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine.Polling;

/// <summary>
/// Open interest as of now, one request per symbol, spread evenly: every symbol once per tick interval, or as often as
/// half the weight budget allows. The first round goes as fast as requests may run at a time, so that the first row has
/// a value.
/// </summary>
internal sealed class OpenInterestPoller : PollerActor
{
    // Closer together than this they are asked in batches instead.
    private const double MinSpacingMs = 250;

    private readonly RestSource _rest;
    private readonly NodeOptions _options;
    private int _next;
    private int _left;

    public OpenInterestPoller(RestSource rest, NodeOptions options, SymbolSet symbols, ILogger logger)
        : base(Feed.OpenInterest, rest, symbols, logger)
    {
        _rest = rest;
        _options = options;
    }

    protected override ValueTask PreStart(CancellationToken stopping)
    {
        _left = Symbols.Entries.Count;
        return base.PreStart(stopping);
    }

    protected override async ValueTask<TimeSpan> PollAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<SymbolEntry> entries = Symbols.Entries;
        if (entries.Count == 0)
        {
            return TimeSpan.FromSeconds(1);
        }

        double spacingMs = CycleMs(entries.Count) / entries.Count;
        bool firstRound = _left > 0;
        int batch = firstRound ? _options.RestBatchSize : (int)Math.Ceiling(MinSpacingMs / spacingMs);
        batch = Math.Clamp(batch, 1, Math.Min(entries.Count, _options.RestBatchSize));
        List<Task> asked = new(batch);
        for (int i = 0; i < batch; i++)
        {
            asked.Add(AskAsync(entries[_next % entries.Count], cancellationToken));
            _next = (_next + 1) % entries.Count;
            _left--;
        }

        await Task.WhenAll(asked);
        return TimeSpan.FromMilliseconds(firstRound ? 1 : batch * spacingMs);
    }

    private double CycleMs(int symbols) =>
        Math.Max(_options.Interval.TotalMilliseconds, symbols * 60_000.0 / (_rest.Planner.WeightLimit / 2.0));

    private async Task AskAsync(SymbolEntry entry, CancellationToken cancellationToken) =>
        await TryAsync(
            async () =>
            {
                (Stamped<OpenInterestRecord> record, long receiveTime) =
                    await Rest.GetOpenInterestAsync(entry.Symbol, RequestPriority.Tick, cancellationToken);
                entry.Gauges.SetConnected(Feed.OpenInterest, true);
                await entry.TellAsync(
                    MarketEvent.ForOpenInterest(record.Value, record.Time, receiveTime), cancellationToken);
            },
            [entry],
            cancellationToken);
}
