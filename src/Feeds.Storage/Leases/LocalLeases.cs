using Feeds.Core.Market;
using Feeds.Storage.Files;

namespace Feeds.Storage.Leases;

/// <summary>
/// The leases of a single node without a server: it owns every symbol it asks for. The epoch is the number of the
/// start, kept in a file, so that what is fenced by name has a number that rises.
/// </summary>
public sealed class LocalLeases : ILeases
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly long _startTime;
    private readonly long _epoch;
    private readonly SortedDictionary<Symbol, string?> _owners = [];
    private bool _draining;

    private LocalLeases(string name, long epoch, IEnumerable<Symbol> watched, TimeProvider time)
    {
        NodeId = $"{name}@{epoch}";
        _epoch = epoch;
        _time = time;
        _startTime = Now();
        foreach (Symbol symbol in watched)
        {
            // Nobody says whether the earlier start stopped in order: it counts as dead.
            _owners[symbol] = epoch > 1 ? $"{name}@{epoch - 1}" : null;
        }
    }

    /// <inheritdoc/>
    public string NodeId { get; }

    /// <summary>
    /// Counts the start in the file, which is made when absent, and watches the symbols. The caller holds the folder's
    /// lock.
    /// </summary>
    /// <exception cref="StorageException">The file cannot be read or written.</exception>
    public static LocalLeases Open(string path, string name, IEnumerable<Symbol> watched, TimeProvider time)
    {
        StateFile<StartCount> file = new(path);
        long epoch = (file.Read()?.Epoch ?? 0) + 1;
        file.Write(new StartCount(epoch));
        return new LocalLeases(name, epoch, watched, time);
    }

    /// <inheritdoc/>
    public Task<ClusterView> RenewAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Member self = new(NodeId, "", _startTime, long.MaxValue, _draining, true);
            return Task.FromResult(new ClusterView(
                Now(), [self], [.. _owners.Select(each => new SymbolLease(each.Key, each.Value, _epoch))]));
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<SymbolLease>> TakeAsync(
        IReadOnlyCollection<Symbol> symbols, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            List<SymbolLease> taken = [];
            foreach (Symbol symbol in symbols)
            {
                if (!_draining && _owners.TryGetValue(symbol, out string? owner) && owner != NodeId)
                {
                    _owners[symbol] = NodeId;
                    taken.Add(new SymbolLease(symbol, NodeId, _epoch));
                }
            }

            return Task.FromResult<IReadOnlyList<SymbolLease>>(taken);
        }
    }

    /// <inheritdoc/>
    public Task ReleaseAsync(IReadOnlyCollection<SymbolLease> leases, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            foreach (SymbolLease lease in leases)
            {
                if (_owners.ContainsKey(lease.Symbol))
                {
                    _owners[lease.Symbol] = null;
                }
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<bool> AddSymbolAsync(Symbol symbol, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(_owners.TryAdd(symbol, null));
        }
    }

    /// <inheritdoc/>
    public Task<bool> RemoveSymbolAsync(Symbol symbol, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult(_owners.Remove(symbol));
        }
    }

    /// <inheritdoc/>
    public Task<bool> DrainAsync(string nodeId, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            bool known = nodeId == NodeId || NodeId.StartsWith(nodeId + '@', StringComparison.Ordinal);
            _draining |= known;
            return Task.FromResult(known);
        }
    }

    /// <inheritdoc/>
    public Task LeaveAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _draining = true;
            foreach (Symbol symbol in _owners.Keys.ToArray())
            {
                _owners[symbol] = null;
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task WaitForChangeAsync(CancellationToken cancellationToken) =>
        Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellationToken);

    /// <summary>Nothing is held.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private sealed record StartCount(long Epoch);
}
