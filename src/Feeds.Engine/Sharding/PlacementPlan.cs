using Feeds.Core.Market;
using Feeds.Storage.Leases;

namespace Feeds.Engine.Sharding;

/// <summary>What a node should do about its symbols now. What it holds and is not named stays with it.</summary>
/// <param name="TakeReleased">
/// Symbols that it should have and that their last owner released, or that nobody had yet.
/// </param>
/// <param name="TakeOver">Symbols that it should have and whose owner is dead.</param>
/// <param name="Adopt">Leases that are its own and that it does not hold: a take whose answer never came.</param>
/// <param name="GiveUp">Leases that it hands over to another node.</param>
/// <param name="Unwatched">Leases that it holds of symbols that are watched no longer.</param>
/// <param name="Lost">
/// Leases that it held and somebody else has by now: to be dropped, nothing of them may be written.
/// </param>
internal sealed record PlacementPlan(
    IReadOnlyList<Symbol> TakeReleased,
    IReadOnlyList<Symbol> TakeOver,
    IReadOnlyList<SymbolLease> Adopt,
    IReadOnlyList<SymbolLease> GiveUp,
    IReadOnlyList<SymbolLease> Unwatched,
    IReadOnlyList<SymbolLease> Lost)
{
    /// <summary>Nothing to do.</summary>
    public static PlacementPlan None { get; } = new([], [], [], [], [], []);

    /// <summary>True when nothing is to be started or stopped; what is lost is not counted.</summary>
    public bool IsEmpty => TakeReleased.Count + TakeOver.Count + Adopt.Count + GiveUp.Count + Unwatched.Count == 0;
}
