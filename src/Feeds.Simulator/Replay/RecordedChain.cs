using Feeds.Simulator.Markets;

namespace Feeds.Simulator.Replay;

/// <summary>The prices that a diff stream has yet to tell of.</summary>
internal sealed class RecordedChain : DeltaChain
{
    public SortedSet<long> Bids { get; } = [];

    public SortedSet<long> Asks { get; } = [];

    /// <summary>First update id since the delta before; 0 while nothing changed.</summary>
    public long FirstUpdateId { get; set; }
}
