using Feeds.Actors;
using Feeds.Core.Market;
using Feeds.Engine.Symbols;

namespace Feeds.Engine;

/// <summary>
/// Tells every symbol each tick of the grid, at its time and never before. A tick waits for room in a full mailbox
/// without holding up the other symbols, and is never dropped; ticks of one symbol stay in order.
/// </summary>
internal sealed class TickerActor : Actor<TickerActor.Due>
{
    // A clock that is set forward must not make a flood of ticks for a time that nobody lived through.
    private const int MaxTicksBehind = 3;

    private readonly SymbolSet _symbols;
    private readonly long _intervalMs;
    private readonly SymbolTells _tells = new();
    private long _next;

    public TickerActor(SymbolSet symbols, TimeSpan interval)
    {
        _symbols = symbols;
        _intervalMs = (long)interval.TotalMilliseconds;
    }

    protected override ValueTask PreStart(CancellationToken stopping)
    {
        _next = TickGrid.Next(Now(), _intervalMs);
        Schedule();
        return default;
    }

    protected override ValueTask Receive(Due message, CancellationToken stopping)
    {
        long now = Now();
        if (now - _next > MaxTicksBehind * _intervalMs)
        {
            _next = TickGrid.AtOrBefore(now, _intervalMs);
        }

        for (; _next <= now; _next += _intervalMs)
        {
            foreach (SymbolEntry entry in _symbols.Entries)
            {
                _tells.Tell(entry, MarketEvent.ForTick(_next, now), stopping);
            }
        }

        Schedule();
        return default;
    }

    private void Schedule()
    {
        // Timers may fire a little early; Receive then finds nothing due and comes here again.
        long delay = Math.Max(1, _next - Now());
        Context.ScheduleOnce(TimeSpan.FromMilliseconds(delay), default);
    }

    private long Now() => Context.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A tick may be due.</summary>
    internal readonly record struct Due;
}
