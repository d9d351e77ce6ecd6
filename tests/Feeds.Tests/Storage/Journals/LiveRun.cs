using Feeds.Core.Market;
using Feeds.Core.Numerics;
using Feeds.Core.Symbols;
using Feeds.Storage.Journals;
using Feeds.Storage.Sinks;
using Feeds.Tests.Core.Symbols;

namespace Feeds.Tests.Storage.Journals;

/// <summary>What a node does with its symbols: admit, journal, apply, keep the rows.</summary>
internal sealed class LiveRun
{
    private readonly Dictionary<Symbol, (SymbolState State, RandomMarket Market, SymbolJournal Journal)> _symbols = [];
    private readonly JournalWriter _writer;
    private readonly bool _features;

    public LiveRun(JournalWriter writer, int seed, params string[] symbols)
        : this(writer, seed, features: false, symbols)
    {
    }

    public LiveRun(JournalWriter writer, int seed, bool features, params string[] symbols)
    {
        _writer = writer;
        _features = features;
        foreach (string text in symbols)
        {
            Symbol symbol = Symbol.Parse(text);
            _symbols.Add(symbol, (new SymbolState(symbol), new RandomMarket(seed++), writer.For(symbol, 0)));
            Step(symbol,
                MarketEvent.ForSettings(SymbolSettings.Default with { Features = features }, RandomMarket.Start));
        }
    }

    /// <summary>The rows, by symbol in order.</summary>
    public Dictionary<Symbol, List<FeedRow>> Rows { get; } = [];

    public IReadOnlyCollection<Symbol> Symbols => _symbols.Keys;

    public SymbolState State(string symbol) => _symbols[Symbol.Parse(symbol)].State;

    public void Run(int eventsEach, int flushEvery = 50)
    {
        for (int i = 0; i < eventsEach; i++)
        {
            foreach (Symbol symbol in _symbols.Keys)
            {
                MarketEvent e = _symbols[symbol].Market.Next();
                Step(symbol, e.Kind == EventKind.Settings
                    ? MarketEvent.ForSettings(e.Settings with { Features = _features }, e.ReceiveTime) : e);
            }

            if (i % flushEvery == 0)
            {
                _writer.Flush();
            }
        }

        _writer.Flush();
    }

    public void Snapshot(SnapshotStore store, long time) =>
        store.Write(_writer.Position, time, [.. _symbols.Values.Select(symbol => Saved(symbol.State))]);

    public static SymbolSnapshot Saved(SymbolState state)
    {
        StateWriter writer = new();
        state.Save(writer);
        return new SymbolSnapshot(
            state.Symbol, state.Sequence, state.LastTickTime, state.LastReceiveTime, writer.Written.ToArray());
    }

    /// <summary>Rows as lines, in the order of tick and symbol.</summary>
    public static IReadOnlyList<string> Lines(IEnumerable<FeedRow> rows) =>
        [.. rows.OrderBy(row => row.TickTime).ThenBy(row => row.Symbol).Select(FeedRowCsv.ToLine)];

    private void Step(Symbol symbol, in MarketEvent e)
    {
        (SymbolState state, _, SymbolJournal journal) = _symbols[symbol];
        if (state.Admit(e) != Admission.Accepted)
        {
            return;
        }

        journal.Append(state.Sequence + 1, e);
        if (state.Apply(e) is { } rows)
        {
            if (!Rows.TryGetValue(symbol, out List<FeedRow>? list))
            {
                Rows.Add(symbol, list = []);
            }

            list.Add(rows.Feed);
        }
    }
}
