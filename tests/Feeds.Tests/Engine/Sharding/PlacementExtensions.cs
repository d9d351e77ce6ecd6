using Feeds.Engine.Sharding;
using Feeds.Storage.Leases;

namespace Feeds.Tests.Engine.Sharding;

internal static class PlacementExtensions
{
    /// <summary>The plan of a node on which all that is held runs.</summary>
    public static PlacementPlan Next(
        this Placement placement, ClusterView view, IReadOnlyCollection<SymbolLease> held) =>
        placement.Next(view, held, held.ToHashSet());
}
