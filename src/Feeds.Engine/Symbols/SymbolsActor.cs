using Feeds.Actors;

namespace Feeds.Engine.Symbols;

/// <summary>
/// The parent of the symbol actors: starts and stops them, so that each has a place in the tree of its own.
/// </summary>
internal sealed class SymbolsActor(SymbolSet symbols, Func<SymbolEntry, Props<SymbolMessage>> props)
    : Actor<SymbolsMessage>
{
    protected override ValueTask PreStart(CancellationToken stopping)
    {
        foreach (SymbolEntry entry in symbols.Entries)
        {
            Start(entry);
        }

        return default;
    }

    protected override ValueTask Receive(SymbolsMessage message, CancellationToken stopping)
    {
        switch (message)
        {
            case SymbolsMessage.Add add:
                Start(add.Entry);
                add.Done.TrySet(true);
                break;
            case SymbolsMessage.Remove remove:
                Context.Stop(remove.Entry.Actor, remove.Mode);
                break;
            default:
                break;
        }

        return default;
    }

    private void Start(SymbolEntry entry) => entry.Started(Context.ActorOf(props(entry), entry.Symbol.Text));
}
