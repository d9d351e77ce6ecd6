using Feeds.Core.Market;
using Feeds.Storage.Journals;

namespace Feeds.Tests.Storage.Journals;

/// <summary>Writes random events of some symbols and remembers them.</summary>
internal sealed class JournalScript
{
    private readonly Dictionary<Symbol, AnyEvents> _markets = [];
    private readonly Dictionary<Symbol, SymbolJournal> _journals = [];
    private readonly Random _random;

    public JournalScript(int seed, bool wild, params string[] symbols)
    {
        _random = new Random(seed);
        foreach (string symbol in symbols)
        {
            _markets.Add(Symbol.Parse(symbol), new AnyEvents(_random.Next(), wild));
            Written.Add(Symbol.Parse(symbol), []);
        }
    }

    /// <summary>The events of each symbol; the first has sequence 1.</summary>
    public Dictionary<Symbol, List<string>> Written { get; } = [];

    /// <summary>For each symbol and event its position.</summary>
    public Dictionary<Symbol, List<long>> Positions { get; } = [];

    public void Resume(JournalWriter writer)
    {
        foreach (Symbol symbol in Written.Keys)
        {
            _journals[symbol] = writer.For(symbol, Written[symbol].Count);
        }
    }

    public void Append(int events, params EventKind[] kinds)
    {
        for (int i = 0; i < events; i++)
        {
            Symbol symbol = Written.Keys.ElementAt(_random.Next(Written.Count));
            MarketEvent e = kinds.Length > 0
                ? _markets[symbol].Next(kinds[_random.Next(kinds.Length)]) : _markets[symbol].Next();
            long position = _journals[symbol].Append(Written[symbol].Count + 1, e);
            Written[symbol].Add(AnyEvents.Text(e));
            if (!Positions.TryGetValue(symbol, out List<long>? positions))
            {
                Positions.Add(symbol, positions = []);
            }

            positions.Add(position);
        }

    }
}
