using Feeds.Actors;
using Feeds.Core.Market;
using Feeds.Engine.Symbols;

namespace Feeds.Engine.Context;

/// <summary>
/// Tells every symbol the closed minutes of the symbols that it is compared with, once each, as events that enter its
/// own journal: what the others did is then part of what it knows, and its rows stay a function of its journal alone.
/// </summary>
internal sealed class ContextActor(ContextBars bars, ContextPlan plan, SymbolSet symbols) : Actor<ContextMessage>
{
    private readonly SymbolTells _tells = new();

    protected override ValueTask Receive(ContextMessage message, CancellationToken stopping)
    {
        if (!bars.Keeps(message.Symbol) || !bars.Add(message.Symbol, message.Bar, message.ReceiveTime))
        {
            return default;
        }

        MarketEvent e = MarketEvent.ForContextBar(new ContextBar(message.Symbol, message.Bar), message.ReceiveTime);
        foreach (SymbolEntry entry in symbols.Entries)
        {
            if (entry.Symbol != message.Symbol && plan.Of(entry.Symbol).Uses(message.Symbol))
            {
                _tells.Tell(entry, e, stopping);
            }
        }

        return default;
    }

    protected override object Inspect() => bars.Symbols.ToDictionary(
        static symbol => symbol.Text,
        symbol => new ContextInspection(bars.After(symbol, 0).Count, bars.NewestTime(symbol)));
}
