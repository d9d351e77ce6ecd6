using Feeds.Core.Market;
using Feeds.Storage.Leases;

namespace Feeds.Engine.Sharding;

/// <summary>
/// Which symbols a node should have, from what the referee shows: a symbol belongs with the heaviest of the living
/// nodes that do not drain. It is taken when nobody has it; its owner hands it over only when the same other node has
/// been the right one for two renewals, so that a node that comes and goes moves nothing back and forth. A node that
/// drains stops as a whole: that is not decided here.
/// </summary>
internal sealed class Placement
{
    private readonly string _nodeId;
    private readonly long _leaseMs;
    private readonly long _stableMs;
    private Dictionary<Symbol, (string Owner, long Since)> _right = [];
    private long _lastTime = long.MinValue / 2;
    private long _steadySince;

    /// <summary>Makes the placement of a node.</summary>
    public Placement(string nodeId, ShardOptions options)
    {
        _nodeId = nodeId;
        _leaseMs = (long)options.LeaseTtl.TotalMilliseconds;
        _stableMs = 2 * (long)options.RenewalPeriod.TotalMilliseconds;
    }

    /// <summary>Takes note of a view that nothing is done about; views come in the order of their times.</summary>
    public void Saw(ClusterView view)
    {
        // After a time without the referee, the other nodes look dead as well, or will in a moment, and are about to
        // renew: they go first. One renewal that was missed is such a time.
        _steadySince = view.DatabaseTime - _lastTime > _leaseMs / 2 ? view.DatabaseTime : _steadySince;
        _lastTime = view.DatabaseTime;
    }

    /// <summary>Returns what to do about a view; views are to come in the order of their times.</summary>
    /// <param name="view">What the referee shows.</param>
    /// <param name="held">The leases that this node acts on.</param>
    /// <param name="running">The leases under which symbols run here; one that is held and does not is started.</param>
    public PlacementPlan Next(
        ClusterView view, IReadOnlyCollection<SymbolLease> held, IReadOnlySet<SymbolLease> running)
    {
        Saw(view);
        Dictionary<Symbol, long> epochs = held.ToDictionary(static lease => lease.Symbol, static lease => lease.Epoch);
        Look look = new(view, _nodeId, isSteady: view.DatabaseTime - _steadySince >= _leaseMs / 2);
        Dictionary<Symbol, (string Owner, long Since)> right = [];
        foreach (SymbolLease lease in view.Symbols)
        {
            bool isHeld = epochs.Remove(lease.Symbol, out long epoch);
            if (isHeld && (lease.Owner != _nodeId || lease.Epoch != epoch))
            {
                look.Lost.Add(new SymbolLease(lease.Symbol, _nodeId, epoch));
                isHeld = false;
            }

            string? owner = Rendezvous.OwnerOf(lease.Symbol, look.Open);
            if (owner is not null)
            {
                right[lease.Symbol] = _right.TryGetValue(lease.Symbol, out (string Owner, long Since) before)
                    && before.Owner == owner
                    ? before
                    : (owner, view.DatabaseTime);
            }

            bool moves = owner is not null && owner != _nodeId
                && view.DatabaseTime - right[lease.Symbol].Since >= _stableMs;
            look.Place(lease, isRunning: isHeld && running.Contains(lease), isRight: owner == _nodeId, moves);
        }

        // What is left is watched no longer.
        SymbolLease[] unwatched = [.. held.Where(lease => epochs.ContainsKey(lease.Symbol))];
        _right = right;
        return new PlacementPlan(look.TakeReleased, look.TakeOver, look.Adopt, look.GiveUp, unwatched, look.Lost);
    }

    private sealed class Look(ClusterView view, string nodeId, bool isSteady)
    {
        private readonly HashSet<string> _alive =
            [.. view.Members.Where(static member => member.IsAlive).Select(static member => member.NodeId)];

        public string[] Open { get; } =
            [.. view.Members.Where(static member => member is { IsAlive: true, IsDraining: false }).Select(
                static member => member.NodeId)];

        public List<Symbol> TakeReleased { get; } = [];

        public List<Symbol> TakeOver { get; } = [];

        public List<SymbolLease> Adopt { get; } = [];

        public List<SymbolLease> GiveUp { get; } = [];

        public List<SymbolLease> Lost { get; } = [];

        public void Place(SymbolLease lease, bool isRunning, bool isRight, bool moves)
        {
            if (lease.Owner == nodeId)
            {
                if (moves)
                {
                    GiveUp.Add(lease);
                }
                else if (!isRunning)
                {
                    Adopt.Add(lease);
                }
            }
            else if (isRight && lease.Owner is null)
            {
                TakeReleased.Add(lease.Symbol);
            }
            else if (isRight && !_alive.Contains(lease.Owner!)
                && (isSteady || Rendezvous.IsSameName(lease.Owner!, nodeId)))
            {
                TakeOver.Add(lease.Symbol);
            }
        }
    }
}
