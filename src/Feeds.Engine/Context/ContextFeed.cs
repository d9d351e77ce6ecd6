using Feeds.Actors;
using Feeds.Core.Market;

namespace Feeds.Engine.Context;

/// <summary>Where closed bars are told to whom they concern: the context's actor, and what it keeps.</summary>
/// <param name="Actor">The actor.</param>
/// <param name="Bars">What it keeps.</param>
internal sealed record ContextFeed(ActorRef<ContextMessage> Actor, ContextBars Bars)
{
    /// <summary>Tells of a closed bar; one of a symbol that is nobody's context goes nowhere.</summary>
    public async ValueTask TellAsync(Symbol symbol, Bar bar, long receiveTime, CancellationToken cancellationToken)
    {
        if (Bars.Keeps(symbol))
        {
            await Actor.TellAsync(new ContextMessage(symbol, bar, receiveTime), cancellationToken);
        }
    }
}
