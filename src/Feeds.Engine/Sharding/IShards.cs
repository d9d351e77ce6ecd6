using Feeds.Storage.Leases;

namespace Feeds.Engine.Sharding;

/// <summary>What the region does with symbols when leases come and go. Calls do not overlap.</summary>
internal interface IShards
{
    /// <summary>The leases under which symbols run here now.</summary>
    IReadOnlySet<SymbolLease> Running { get; }

    /// <summary>Starts symbols whose leases are held by now; returns when each can be told events.</summary>
    /// <param name="leases">The leases.</param>
    /// <param name="handedOver">
    /// True when the last owners stopped them in order, so that no tick need be missing.
    /// </param>
    /// <param name="cancellationToken">Ends the waiting; some may be started.</param>
    Task StartAsync(IReadOnlyList<SymbolLease> leases, bool handedOver, CancellationToken cancellationToken);

    /// <summary>
    /// Stops symbols so that another node can go on where they stood: at a tick, with events, state and rows durable.
    /// Those that do not run are passed over.
    /// </summary>
    /// <param name="leases">The leases, still held.</param>
    /// <param name="keepStates">
    /// True when another node goes on: their states are saved for it. False when nobody watches them any more.
    /// </param>
    /// <param name="cancellationToken">Ends the waiting; some may be stopped.</param>
    Task HandOverAsync(IReadOnlyList<SymbolLease> leases, bool keepStates, CancellationToken cancellationToken);

    /// <summary>
    /// Stops symbols whose leases are lost; what was not written is discarded. Those that do not run, or run under
    /// another epoch by now, are passed over.
    /// </summary>
    Task DropAsync(IReadOnlyList<SymbolLease> leases, CancellationToken cancellationToken);
}
