using Feeds.Actors;
using Feeds.Core.Market;

namespace Feeds.Engine.Symbols;

/// <summary>
/// Tells many symbols without a full mailbox of one holding up the others; what one symbol is told stays in order and
/// nothing is dropped. For one actor at a time.
/// </summary>
internal sealed class SymbolTells
{
    private readonly Dictionary<Symbol, Task> _waiting = [];

    /// <summary>Tells a symbol an event, now or as soon as it has room.</summary>
    public void Tell(SymbolEntry entry, in MarketEvent e, CancellationToken stopping)
    {
        SymbolMessage message = new(e);
        if (_waiting.TryGetValue(entry.Symbol, out Task? before))
        {
            if (!before.IsCompleted)
            {
                _waiting[entry.Symbol] = After(before, entry.Actor, message, stopping);
                return;
            }

            _waiting.Remove(entry.Symbol);
        }

        ValueTask<bool> told = entry.Actor.TellAsync(message, stopping);
        if (!told.IsCompleted)
        {
            _waiting[entry.Symbol] = told.AsTask();
        }
    }

    private static async Task After(
        Task before, ActorRef<SymbolMessage> actor, SymbolMessage message, CancellationToken stopping)
    {
        await before;
        await actor.TellAsync(message, stopping);
    }
}
