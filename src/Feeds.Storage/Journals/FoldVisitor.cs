using Feeds.Core.Market;
using Feeds.Core.Symbols;

namespace Feeds.Storage.Journals;

/// <summary>Folds the events of those symbols that fall to one of several workers.</summary>
internal sealed class FoldVisitor : IJournalVisitor
{
    private readonly Dictionary<Symbol, FoldedSymbol> _symbols = [];
    private readonly FoldOptions _options;
    private readonly IReadOnlySet<Symbol>? _wanted;
    private readonly int _worker;

    public FoldVisitor(FoldOptions options, IReadOnlySet<Symbol>? wanted, int worker)
    {
        _options = options;
        _wanted = wanted;
        _worker = worker;
    }

    /// <summary>The symbols so far.</summary>
    public IReadOnlyDictionary<Symbol, FoldedSymbol> Symbols => _symbols;

    /// <summary>Ticks since the list was cleared.</summary>
    public List<FoldedTick> Ticks { get; } = [];

    /// <summary>Begins a symbol at the state of a snapshot.</summary>
    public void Begin(SymbolState state) => _symbols.Add(state.Symbol, new FoldedSymbol(state, state.Sequence));

    /// <summary>
    /// Begins a symbol at the journal's beginning, so that the parts whose version changed since the snapshot are made
    /// anew; the others come from the snapshot when its sequence is reached.
    /// </summary>
    public void BeginAnew(LoadedSnapshot snapshot, long firstSequence)
    {
        SymbolState state = new(snapshot.State.Symbol);
        if (firstSequence > 1)
        {
            // The settings that opened the symbol were pruned; the snapshot has them.
            state.Apply(MarketEvent.ForSettings(snapshot.State.Settings, 0));
            state.SkipTo(firstSequence - 1);
        }

        _symbols.Add(state.Symbol, new FoldedSymbol(state, snapshot.State.Sequence) { Awaited = snapshot });
    }

    /// <summary>True when the symbol's events fall to this worker.</summary>
    public bool Takes(Symbol symbol) =>
        (uint)symbol.GetHashCode() % (uint)_options.Cores == (uint)_worker && (_wanted?.Contains(symbol) ?? true);

    public long NextSequence(Symbol symbol)
    {
        if (!_symbols.TryGetValue(symbol, out FoldedSymbol? folded))
        {
            return Takes(symbol) ? 1 : long.MaxValue;
        }

        return folded.State.LastTickTime >= _options.LastTick ? long.MaxValue : folded.State.Sequence + 1;
    }

    public void Visit(Symbol symbol, long sequence, in MarketEvent e)
    {
        if (!ReferenceEquals(symbol, _lastSymbol))
        {
            _last = Of(symbol);
            _lastSymbol = symbol;
        }

        FoldedSymbol folded = _last!;
        SymbolState state = folded.State;
        bool isTick = e.Kind is EventKind.Tick or EventKind.TickSkipped;
        if (sequence <= state.Sequence || state.LastTickTime >= _options.LastTick
            || (isTick && e.EventTime > _options.LastTick))
        {
            return;
        }

        if (folded.Awaited is { } awaited && sequence > awaited.State.Sequence)
        {
            // A hole of the journal lies before the snapshot.
            folded.Overlay(awaited);
        }

        if (sequence > state.Sequence + 1)
        {
            folded.HoleList.Add(new JournalHole(symbol, state.Sequence + 1, sequence - 1, e.ReceiveTime));
            state.SkipTo(sequence - 1);
        }

        folded.EventCount++;
        TickRows? rows = state.Apply(e);
        if (folded.Awaited is { } reached && sequence == reached.State.Sequence)
        {
            folded.Overlay(reached);
        }

        if (rows is not null)
        {
            folded.TickCount++;
            if (rows.Feed.TickTime > _options.AfterTick(symbol))
            {
                Ticks.Add(new FoldedTick(rows, sequence, folded.IsWhole));
            }
        }
    }

    private Symbol? _lastSymbol;
    private FoldedSymbol? _last;

    private FoldedSymbol Of(Symbol symbol)
    {
        if (!_symbols.TryGetValue(symbol, out FoldedSymbol? folded))
        {
            folded = new FoldedSymbol(new SymbolState(symbol), snapshotSequence: 0);
            _symbols.Add(symbol, folded);
        }

        return folded;
    }
}
