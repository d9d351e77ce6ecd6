using Feeds.Core.Market;
using Feeds.Storage.Journals;

namespace Feeds.Tests.Storage.Journals;

/// <summary>Takes every event of a journal as text.</summary>
internal sealed class JournalCollector : IJournalVisitor
{
    public Dictionary<Symbol, SortedDictionary<long, string>> Events { get; } = [];

    public int Count => Events.Values.Sum(events => events.Count);

    public static JournalCollector Read(JournalReader reader)
    {
        JournalCollector collector = new();
        reader.Read(collector);
        return collector;
    }

    public long NextSequence(Symbol symbol) => 1;

    public void Visit(Symbol symbol, long sequence, in MarketEvent e)
    {
        if (!Events.TryGetValue(symbol, out SortedDictionary<long, string>? events))
        {
            Events.Add(symbol, events = []);
        }

        events.Add(sequence, AnyEvents.Text(e));
    }
}
