using Feeds.Binance.Limits;
using Feeds.Core.Market;
using Feeds.Engine.Symbols;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine.Polling;

/// <summary>
/// The exchange's clock against ours, once a minute: the offset by which latency is corrected. Told only when it moved, as every
/// symbol's journal holds it.
/// </summary>
internal sealed class ClockPoller(RestSource rest, ClockGauge gauge, SymbolSet symbols, ILogger logger)
    : PollerActor(Feed.Clock, rest, symbols, logger)
{
    // A round trip of some tens of ms bounds how well the offset is known; below that a change is noise.
    private const double StepMs = 20;
    private const double SkewMs = 500;

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly ILogger _logger = logger;
    private readonly HashSet<Symbol> _told = [];
    private double _toldOffset = double.NaN;

    protected override async ValueTask<TimeSpan> PollAsync(CancellationToken cancellationToken)
    {
        await TryAsync(
            async () =>
            {
                double offset = (await Rest.GetTimeAsync(RequestPriority.Tick, cancellationToken)).OffsetMs;
                gauge.OffsetMs = offset;
                if (!(Math.Abs(offset - _toldOffset) <= StepMs))
                {
                    _told.Clear();
                    _toldOffset = offset;
                    if (Math.Abs(offset) > SkewMs)
                    {
                        Log.ClockSkew(_logger, offset);
                    }
                }

                foreach (SymbolEntry entry in Symbols.Entries.Where(entry => _told.Add(entry.Symbol)))
                {
                    await entry.TellAsync(MarketEvent.ForClockOffset(_toldOffset, Now()), cancellationToken);
                }
            },
            [],
            cancellationToken);
        return Period;
    }
}
