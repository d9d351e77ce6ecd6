using Feeds.Actors;
using Feeds.Core.Market;
using Feeds.Storage.Leases;

namespace Feeds.Engine.Symbols;

/// <summary>A watched symbol: its actor's address and what others may read of it.</summary>
/// <param name="Symbol">Which symbol.</param>
/// <param name="Gauges">Readable from any thread.</param>
public sealed record SymbolEntry(Symbol Symbol, SymbolGauges Gauges)
{
    private ActorRef<SymbolMessage>? _actor;
    private bool _isHandedOver;

    /// <summary>
    /// True until its actor has started, when another owner stopped it in order a moment ago: ticks since then still
    /// get their rows.
    /// </summary>
    public bool IsHandedOver
    {
        get => Volatile.Read(ref _isHandedOver);
        init => _isHandedOver = value;
    }

    /// <summary>Under which lease it runs; null in a tree without leases.</summary>
    public SymbolLease? Lease { get; init; }

    /// <summary>When this node began to watch it, epoch ms.</summary>
    public long StartTime { get; init; }

    /// <summary>The actor's address.</summary>
    /// <exception cref="InvalidOperationException">The actor was not started yet.</exception>
    public ActorRef<SymbolMessage> Actor =>
        _actor ?? throw new InvalidOperationException($"The actor of {Symbol} is not started.");

    /// <summary>The ticks since the hand-over have their rows.</summary>
    internal void CaughtUp() => Volatile.Write(ref _isHandedOver, false);

    internal void Started(ActorRef<SymbolMessage> actor) => _actor = actor;
}
