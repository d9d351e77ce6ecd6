using Feeds.Core.Market;
using Feeds.Storage.Leases;

namespace Feeds.Engine.Sharding;

/// <summary>
/// Which symbols a node should have, from what the referee shows: a symbol belongs with the heaviest of the living nodes that do not
/// drain. It is taken when nobody has it; its owner hands it over only when it drains, or when the same other node has been the right
/// one for a while, so that a node that comes and goes moves nothing back and forth.
/// </summary>
/// <param name="nodeId">This node.</param>
/// <param name="stableAfter">How long another node must have been the right owner before a symbol is handed over to it.</param>
internal sealed class Placement(string nodeId, TimeSpan stableAfter)
{
    private Dictionary<Symbol, (string Owner, long Since)> _right = [];

    /// <summary>Returns what to do about a view; views are to come in the order of their times.</summary>
    /// <param name="view">What the referee shows.</param>
    /// <param name="held">The leases that this node acts on.</param>
    public PlacementPlan Next(ClusterView view, IReadOnlyCollection<SymbolLease> held)
    {
        Dictionary<Symbol, long> epochs = held.ToDictionary(static lease => lease.Symbol, static lease => lease.Epoch);
        HashSet<string> alive = [.. view.Members.Where(static member => member.IsAlive).Select(static member => member.NodeId)];
        string[] open = [.. view.Members.Where(IsOpen).Select(static member => member.NodeId)];
        bool isDraining = view.Members.Any(member => member.NodeId == nodeId && member.IsDraining);
        Dictionary<Symbol, (string Owner, long Since)> right = [];
        List<Symbol> take = [];
        List<SymbolLease> adopt = [];
        List<SymbolLease> giveUp = [];
        List<SymbolLease> lost = [];
        foreach (SymbolLease lease in view.Symbols)
        {
            bool isHeld = epochs.Remove(lease.Symbol, out long epoch);
            if (isHeld && (lease.Owner != nodeId || lease.Epoch != epoch))
            {
                lost.Add(new SymbolLease(lease.Symbol, nodeId, epoch));
            }

            string? owner = Rendezvous.OwnerOf(lease.Symbol, open);
            if (owner is not null)
            {
                right[lease.Symbol] = _right.TryGetValue(lease.Symbol, out (string Owner, long Since) before) && before.Owner == owner
                    ? before
                    : (owner, view.DatabaseTime);
            }

            if (lease.Owner != nodeId)
            {
                if (owner == nodeId && (lease.Owner is null || !alive.Contains(lease.Owner)))
                {
                    take.Add(lease.Symbol);
                }
            }
            else if (isDraining || (owner is not null && owner != nodeId && IsStable(right[lease.Symbol].Since, view.DatabaseTime)))
            {
                giveUp.Add(lease);
            }
            else if (!isHeld || lease.Epoch != epoch)
            {
                adopt.Add(lease);
            }
        }

        // What is left is watched no longer.
        giveUp.AddRange(held.Where(lease => epochs.ContainsKey(lease.Symbol)));
        _right = right;
        return new PlacementPlan(take, adopt, giveUp, lost);
    }

    private static bool IsOpen(Member member) => member is { IsAlive: true, IsDraining: false };

    private bool IsStable(long since, long now) => now - since >= (long)stableAfter.TotalMilliseconds;
}
