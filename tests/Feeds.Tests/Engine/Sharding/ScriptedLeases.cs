using Feeds.Core.Market;
using Feeds.Storage;
using Feeds.Storage.Leases;

namespace Feeds.Tests.Engine.Sharding;

/// <summary>A referee under the test's hand: what it shows, when it is away, and what it was told.</summary>
internal sealed class ScriptedLeases(params string[] symbols) : ILeases
{
    private readonly Lock _gate = new();
    private readonly List<SymbolLease> _leases = [.. symbols.Select(
        static symbol => new SymbolLease(Symbol.Parse(symbol), null, 0))];
    private readonly SemaphoreSlim _changes = new(0);

    public string NodeId => "a@1";

    public Exception? Failure { get; set; }

    public bool IsDraining { get; set; }

    public IReadOnlyList<string> Others { get; set; } = [];

    public Func<long> Now { get; set; } = static () => 0;

    public int Renewals { get; private set; }

    public List<SymbolLease> Released { get; } = [];

    public void Give(string symbol, string? owner, long epoch)
    {
        lock (_gate)
        {
            _leases.RemoveAll(lease => lease.Symbol.Text == symbol);
            _leases.Add(new SymbolLease(Symbol.Parse(symbol), owner, epoch));
        }
    }

    public void Announce() => _changes.Release();

    public SymbolLease Of(string symbol)
    {
        lock (_gate)
        {
            return _leases.Single(lease => lease.Symbol.Text == symbol);
        }
    }

    public Task<ClusterView> RenewAsync(CancellationToken cancellationToken)
    {
        Renewals++;
        if (Failure is { } failure)
        {
            return Task.FromException<ClusterView>(failure);
        }

        lock (_gate)
        {
            Member[] members = [new(NodeId, "", 0, 1, IsDraining, IsAlive: true),
                .. Others.Select(static other => new Member(other, "", 0, 1, false, true))];
            return Task.FromResult(new ClusterView(Now(), members, [.. _leases]));
        }
    }

    public Task<IReadOnlyList<SymbolLease>> TakeAsync(
        IReadOnlyCollection<Symbol> symbols, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            SymbolLease[] taken = [.. _leases.Where(lease => symbols.Contains(lease.Symbol)).Select(
                lease => lease with { Owner = NodeId, Epoch = lease.Epoch + 1 })];
            foreach (SymbolLease lease in taken)
            {
                _leases.RemoveAll(each => each.Symbol == lease.Symbol);
                _leases.Add(lease);
            }

            return Task.FromResult<IReadOnlyList<SymbolLease>>(taken);
        }
    }

    public Task ReleaseAsync(IReadOnlyCollection<SymbolLease> leases, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Released.AddRange(leases);
            foreach (SymbolLease lease in leases.Where(lease => _leases.Remove(lease)))
            {
                _leases.Add(lease with { Owner = null });
            }
        }

        return Task.CompletedTask;
    }

    public Task<bool> AddSymbolAsync(Symbol symbol, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<bool> RemoveSymbolAsync(Symbol symbol, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(_leases.RemoveAll(lease => lease.Symbol == symbol) > 0);
        }
    }

    public Task<bool> DrainAsync(string nodeId, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task LeaveAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task WaitForChangeAsync(CancellationToken cancellationToken) => _changes.WaitAsync(cancellationToken);

    public ValueTask DisposeAsync()
    {
        _changes.Dispose();
        return default;
    }

    public static StorageException Away => new("referee", "the referee is away");
}
