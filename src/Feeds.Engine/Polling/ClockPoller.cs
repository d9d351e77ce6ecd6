using Feeds.Binance.Limits;
using Feeds.Binance.Rest;
using Feeds.Core.Market;
using Feeds.Engine.Symbols;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine.Polling;

/// <summary>
/// The exchange's clock against ours, once a minute: the offset by which latency is corrected. Told only when it moved,
/// or is known far better than what was told, as every symbol's journal holds it.
/// </summary>
internal sealed class ClockPoller(RestSource rest, ClockGauge gauge, SymbolSet symbols, ILogger logger)
    : PollerActor(Feed.Clock, rest, symbols, logger)
{
    // Smaller changes are noise, and so are those that the round trips leave in doubt.
    private const double StepMs = 20;
    private const double SkewMs = 500;

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    // The first answer over a new connection is late by the handshake; of several the quickest is the truest.
    private const int Looks = 4;
    private const int QuickMs = 2;

    private readonly ILogger _logger = logger;
    private readonly HashSet<Symbol> _told = [];
    private double _toldOffset = double.NaN;
    private double _toldDoubt;

    protected override async ValueTask<TimeSpan> PollAsync(CancellationToken cancellationToken)
    {
        await TryAsync(
            async () =>
            {
                ServerClock clock = await LookAsync(cancellationToken);
                double offset = clock.OffsetMs;
                double doubt = clock.RoundTripMs / 2.0;
                Planner.ClockOffsetMs = offset;
                gauge.OffsetMs = offset;
                double moved = Math.Abs(offset - _toldOffset);

                // What was told over a slow line may be far off, and its doubt would excuse every later look.
                bool isSurer = doubt < _toldDoubt / 2 && moved > StepMs;
                if (isSurer || !(moved <= Math.Max(StepMs, doubt + _toldDoubt)))
                {
                    _told.Clear();
                    _toldOffset = offset;
                    _toldDoubt = doubt;
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

    private async Task<ServerClock> LookAsync(CancellationToken cancellationToken)
    {
        ServerClock best = await Rest.GetTimeAsync(RequestPriority.Tick, cancellationToken);
        for (int i = 1; i < Looks && best.RoundTripMs > QuickMs; i++)
        {
            ServerClock next = await Rest.GetTimeAsync(RequestPriority.Tick, cancellationToken);
            best = next.RoundTripMs < best.RoundTripMs ? next : best;
        }

        return best;
    }
}
