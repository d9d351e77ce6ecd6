using System.Collections.Concurrent;
using Feeds.Core.Market;

namespace Feeds.Storage.Leases;

/// <summary>
/// The leases that this node acts on. The shard region holds and drops them; whatever writes for a symbol asks here
/// under which epoch, and says here when the referee refused it. Safe from any thread.
/// </summary>
public sealed class HeldLeases
{
    private readonly ConcurrentDictionary<Symbol, SymbolLease> _held = new();
    private long _fencedWrites;

    /// <summary>
    /// Called with each lease under which a write was refused, on the thread of the writer; it must not block.
    /// </summary>
    public event Action<SymbolLease>? Fenced;

    /// <summary>The leases, in no order.</summary>
    public IReadOnlyList<SymbolLease> All => [.. _held.Values];

    /// <summary>Writes that the referee refused for a stale epoch, counted by symbol, since the start.</summary>
    public long FencedWrites => Volatile.Read(ref _fencedWrites);

    /// <summary>
    /// Returns the epoch under which to write for a symbol; 0 when it is not held and nothing may be written.
    /// </summary>
    public long EpochOf(Symbol symbol) => _held.TryGetValue(symbol, out SymbolLease? lease) ? lease.Epoch : 0;

    /// <summary>True when exactly this lease is held.</summary>
    public bool Holds(SymbolLease lease) => EpochOf(lease.Symbol) == lease.Epoch;

    /// <summary>Begins to act on a lease.</summary>
    public void Hold(SymbolLease lease) => _held[lease.Symbol] = lease;

    /// <summary>Acts on a lease no longer; a later one of the same symbol stays. False when it was not held.</summary>
    public bool Drop(SymbolLease lease) =>
        _held.TryGetValue(lease.Symbol, out SymbolLease? held) && held.Epoch == lease.Epoch
        && _held.TryRemove(new KeyValuePair<Symbol, SymbolLease>(lease.Symbol, held));

    /// <summary>The referee refused a write under this lease: it is dropped, counted and told of.</summary>
    public void Refused(SymbolLease lease)
    {
        Interlocked.Increment(ref _fencedWrites);
        if (Drop(lease))
        {
            Fenced?.Invoke(lease);
        }
    }
}
