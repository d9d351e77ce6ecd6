using Feeds.Engine.Rows;

namespace Feeds.Engine.Health;

/// <summary>Judges the servers and files in which the node keeps things, from what its work on them came to.</summary>
internal static class StoreBoard
{
    /// <summary>The name of PostgreSQL, which is that of its row sink.</summary>
    public const string Postgres = "postgres";

    /// <summary>
    /// Returns PostgreSQL when it is configured, this node's lease when it is a member of a cluster, and each other
    /// sink that does not take rows at the moment.
    /// </summary>
    public static IReadOnlyList<StoreStatus> Of(NodeOptions options, RowGauges rows, ClusterStatus? cluster)
    {
        IReadOnlyDictionary<string, string> failures = rows.SinkFailures;
        List<StoreStatus> stores = [];
        if (options.Postgres is not null)
        {
            string? trouble = cluster?.Trouble ?? failures.GetValueOrDefault(Postgres);
            stores.Add(
                new StoreStatus(
                    Postgres, trouble is null, trouble ?? (cluster is null ? "takes rows" : "answers, takes rows")));
        }

        if (cluster is not null)
        {
            stores.Add(new StoreStatus("lease", cluster.MayRelease, cluster.MayRelease
                ? $"{cluster.NodeId} may release rows" : $"{cluster.NodeId} has none that is good: rows wait"));
        }

        stores.AddRange(
            failures.Where(static each => each.Key != Postgres).OrderBy(static each => each.Key, StringComparer.Ordinal)
            .Select(static each => new StoreStatus(each.Key, IsOk: false, each.Value)));
        return stores;
    }
}
