using Feeds.Core.Market;
using Feeds.Storage.Leases;

namespace Feeds.Engine.Sharding;

/// <summary>What a node should do about its symbols now. What it holds and is not named stays with it.</summary>
/// <param name="Take">Symbols without an owner that it should have.</param>
/// <param name="Adopt">Leases that are its own and that it does not hold: a take whose answer never came.</param>
/// <param name="GiveUp">Leases that it holds and hands over, or of symbols that are watched no longer.</param>
/// <param name="Lost">Leases that it held and somebody else has by now: to be dropped, nothing of them may be written.</param>
internal sealed record PlacementPlan(
    IReadOnlyList<Symbol> Take, IReadOnlyList<SymbolLease> Adopt, IReadOnlyList<SymbolLease> GiveUp, IReadOnlyList<SymbolLease> Lost);
