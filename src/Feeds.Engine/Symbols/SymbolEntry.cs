using Feeds.Actors;
using Feeds.Core.Market;

namespace Feeds.Engine.Symbols;

/// <summary>A watched symbol: its actor's address and what others may read of it.</summary>
/// <param name="Symbol">Which symbol.</param>
/// <param name="Gauges">Readable from any thread.</param>
public sealed record SymbolEntry(Symbol Symbol, SymbolGauges Gauges)
{
    private ActorRef<SymbolMessage>? _actor;

    /// <summary>The actor's address.</summary>
    /// <exception cref="InvalidOperationException">The actor was not started yet.</exception>
    public ActorRef<SymbolMessage> Actor =>
        _actor ?? throw new InvalidOperationException($"The actor of {Symbol} is not started.");

    internal void Started(ActorRef<SymbolMessage> actor) => _actor = actor;
}
