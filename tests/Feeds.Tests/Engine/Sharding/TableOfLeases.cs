using Feeds.Core.Market;
using Feeds.Engine.Sharding;
using Feeds.Storage.Leases;
using Xunit;

namespace Feeds.Tests.Engine.Sharding;

/// <summary>
/// A referee in memory with the nodes that ask it: what a lease table does, without a database and without time.
/// </summary>
internal sealed class TableOfLeases(Symbol[] symbols, ShardOptions options)
{
    private readonly Dictionary<Symbol, SymbolLease> _leases = symbols.ToDictionary(
        static symbol => symbol, static symbol => new SymbolLease(symbol, null, 0));

    private readonly int _renewalMs = (int)options.RenewalPeriod.TotalMilliseconds;

    // A node sees its lease end two renewals after its last; a dead one keeps its row.
    private readonly Dictionary<string, (Placement Placement, long Start, long Expiry, bool Draining,
        bool Runs)> _nodes = [];
    private readonly Dictionary<Symbol, (string Owner, long Since)> _right = [];
    private long _now;

    public int Moves { get; private set; }

    public void Join(string node)
    {
        if (!_nodes.TryGetValue(
            node, out (Placement Placement, long Start, long Expiry, bool Draining, bool Runs) known) || !known.Runs)
        {
            Placement placement = new(node, options);
            Release(node);
            _nodes[node] = (placement, _now, _now + (3 * _renewalMs), false, true);
        }
    }

    public void Kill(string node)
    {
        if (_nodes.TryGetValue(
            node, out (Placement Placement, long Start, long Expiry, bool Draining, bool Runs) known))
        {
            _nodes[node] = known with { Runs = false };
        }
    }

    /// <summary>It marks itself as draining, stops, and releases all at a later renewal of its own.</summary>
    public void Drain(string node)
    {
        if (_nodes.TryGetValue(node, out (Placement Placement, long Start, long Expiry, bool Draining, bool Runs) known)
            && known.Runs)
        {
            _nodes[node] = known with { Draining = true };
        }
    }

    /// <summary>One renewal of every running node, in a random order.</summary>
    public void Renew(Random random)
    {
        string[] order = [.. _nodes.Where(static node => node.Value.Runs).Select(static node => node.Key).Order(
            StringComparer.Ordinal)];
        random.Shuffle(order);
        long start = _now;
        for (int i = 0; i < order.Length; i++)
        {
            _now = start + (_renewalMs * (i + 1) / (order.Length + 1));
            One(order[i]);
        }

        _now = start + _renewalMs;
    }

    public void AssertAllWhereTheyBelong()
    {
        string[] open = [.. View().Members.Where(static member => member is { IsAlive: true, IsDraining: false })
            .Select(static member => member.NodeId)];
        Assert.All(_leases.Values, lease => Assert.Equal(Rendezvous.OwnerOf(lease.Symbol, open), lease.Owner));
    }

    private void One(string node)
    {
        _nodes[node] = _nodes[node] with { Expiry = _now + (3 * _renewalMs) };
        ClusterView view = View();
        NoteRightOwners(view);
        if (_nodes[node].Draining)
        {
            Release(node);
            _nodes.Remove(node);
            return;
        }

        SymbolLease[] held = [.. _leases.Values.Where(lease => lease.Owner == node)];
        PlacementPlan plan = _nodes[node].Placement.Next(view, held);
        Assert.Empty(plan.Lost);
        Assert.Empty(plan.Adopt);
        foreach (SymbolLease lease in plan.GiveUp)
        {
            (string right, long since) = _right.GetValueOrDefault(lease.Symbol, ("", _now));
            Assert.True(right != node && _now - since >= 2 * _renewalMs, $"{lease} leaves a node that may keep it");
            _leases[lease.Symbol] = lease with { Owner = null };
        }

        foreach (Symbol symbol in plan.TakeReleased.Concat(plan.TakeOver))
        {
            _leases[symbol] = new SymbolLease(symbol, node, _leases[symbol].Epoch + 1);
            Moves++;
        }
    }

    private void NoteRightOwners(ClusterView view)
    {
        string[] open = [.. view.Members.Where(static member => member is { IsAlive: true, IsDraining: false }).Select(
            static member => member.NodeId)];
        foreach (Symbol symbol in symbols)
        {
            string right = Rendezvous.OwnerOf(symbol, open) ?? "";
            if (_right.GetValueOrDefault(symbol).Owner != right)
            {
                _right[symbol] = (right, _now);
            }
        }
    }

    private void Release(string node)
    {
        // A process that starts again is another node; what the dead one held is free.
        foreach (SymbolLease lease in _leases.Values.Where(lease => lease.Owner == node).ToArray())
        {
            _leases[lease.Symbol] = lease with { Owner = null };
        }
    }

    private ClusterView View() => new(
        _now,
        [.. _nodes.Select(node => new Member(
            node.Key, "", node.Value.Start, node.Value.Expiry, node.Value.Draining, node.Value.Expiry > _now))],
        [.. _leases.Values]);
}
