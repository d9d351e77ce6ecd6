using Feeds.Actors;

namespace Feeds.Engine.Symbols;

/// <summary>What the parent of the symbol actors takes.</summary>
internal abstract record SymbolsMessage
{
    /// <summary>Start the actor of a symbol; answered when it is started and can be told events.</summary>
    internal sealed record Add(SymbolEntry Entry, Reply<bool> Done) : SymbolsMessage;

    /// <summary>Stop the actor of a symbol; its <see cref="ActorRef{TMessage}.Stopped"/> tells when it has.</summary>
    internal sealed record Remove(SymbolEntry Entry, StopMode Mode) : SymbolsMessage;
}
