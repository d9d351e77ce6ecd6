using Feeds.Engine.Health;
using Feeds.Storage.Leases;

namespace Feeds.Http;

/// <summary>What <c>GET /cluster</c> tells on any node: as the referee showed it to that node last.</summary>
internal sealed record ClusterDocument
{
    /// <summary>The node that was asked.</summary>
    public required string Node { get; init; }

    /// <summary>True while its lease is good; its rows wait otherwise.</summary>
    public bool MayRelease { get; init; }

    /// <summary>Why its lease could not be renewed the last time; null when it was.</summary>
    public string? Trouble { get; init; }

    /// <summary>When the referee was seen last, by its own clock; null before that.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>Every node that joined and did not leave.</summary>
    public IReadOnlyList<MemberDocument> Members { get; init; } = [];

    /// <summary>Every watched symbol.</summary>
    public IReadOnlyList<ShardDocument> Shards { get; init; } = [];

    /// <summary>
    /// Symbols that this node took, handed over and lost, writes of it that were refused, rows that it discarded.
    /// </summary>
    public IReadOnlyDictionary<string, long> Counters { get; init; } = new Dictionary<string, long>();

    /// <summary>Returns the document of a status.</summary>
    public static ClusterDocument Of(ClusterStatus status)
    {
        IReadOnlyList<SymbolLease> leases = status.View?.Symbols ?? [];
        HashSet<string> alive = [.. (status.View?.Members ?? []).Where(static m => m.IsAlive).Select(
            static m => m.NodeId)];
        return new ClusterDocument
        {
            Node = status.NodeId,
            MayRelease = status.MayRelease,
            Trouble = status.Trouble,
            Time = status.View is { } view ? At(view.DatabaseTime) : null,
            Members =
            [
                .. (status.View?.Members ?? []).Select(member => new MemberDocument(
                    member.NodeId,
                    member.Address,
                    !member.IsAlive ? "DEAD" : member.IsDraining ? "DRAINING" : "ALIVE",
                    leases.Count(lease => lease.Owner == member.NodeId),
                    At(member.StartTime),
                    At(member.ExpiryTime))),
            ],
            Shards =
            [
                .. leases.OrderBy(static lease => lease.Symbol).Select(lease => new ShardDocument(
                    lease.Symbol.Text,
                    lease.Owner,
                    lease.Epoch,
                    lease.Owner is null ? "FREE" : alive.Contains(lease.Owner) ? "OWNED" : "ORPHANED")),
            ],
            Counters = new Dictionary<string, long>
            {
                ["taken"] = status.Taken,
                ["handed_over"] = status.HandedOver,
                ["lost"] = status.Lost,
                ["fenced_writes"] = status.FencedWrites,
                ["discarded_rows"] = status.DiscardedRows,
            },
        };
    }

    private static DateTimeOffset? At(long time) =>
        time >= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? null : DateTimeOffset.FromUnixTimeMilliseconds(time);
}

/// <summary>A node.</summary>
/// <param name="Node">Its name and the number of its start.</param>
/// <param name="Address">Where other nodes reach it.</param>
/// <param name="State"><c>ALIVE</c>, <c>DRAINING</c> or <c>DEAD</c>.</param>
/// <param name="Symbols">How many symbols it owns.</param>
/// <param name="StartTime">When it joined.</param>
/// <param name="ExpiryTime">When its lease ends unless it renews; null for a node alone.</param>
internal sealed record MemberDocument(
    string Node, string Address, string State, int Symbols, DateTimeOffset? StartTime, DateTimeOffset? ExpiryTime);

/// <summary>A symbol's lease.</summary>
/// <param name="Symbol">Which symbol.</param>
/// <param name="Owner">The node; null when nobody has it.</param>
/// <param name="Epoch">Rises with each taking.</param>
/// <param name="State">
/// <c>OWNED</c>, <c>FREE</c>, or <c>ORPHANED</c>: its owner is dead and it was not taken over yet.
/// </param>
internal sealed record ShardDocument(string Symbol, string? Owner, long Epoch, string State);

/// <summary>Which node is asked to leave.</summary>
internal sealed record LeaveRequest(string? Node);
