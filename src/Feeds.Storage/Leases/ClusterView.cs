namespace Feeds.Storage.Leases;

/// <summary>What the referee knows, at one moment.</summary>
/// <param name="DatabaseTime">Epoch ms by the database's clock.</param>
/// <param name="Members">Every node that joined and did not leave, dead ones of late included; by id.</param>
/// <param name="Symbols">Every symbol of the watched set; by symbol.</param>
public sealed record ClusterView(
    long DatabaseTime, IReadOnlyList<Member> Members, IReadOnlyList<SymbolLease> Symbols);
