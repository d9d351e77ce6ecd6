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

    /// <summary>Begins a symbol at a state.</summary>
    public void Begin(SymbolState state, bool isFromSnapshot) => _symbols.Add(state.Symbol, new FoldedSymbol(state, isFromSnapshot));

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
        if (sequence <= state.Sequence || state.LastTickTime >= _options.LastTick || (isTick && e.EventTime > _options.LastTick))
        {
            return;
        }

        if (sequence > state.Sequence + 1)
        {
            folded.HoleList.Add(new JournalHole(symbol, state.Sequence + 1, sequence - 1, e.ReceiveTime));
            state.SkipTo(sequence - 1);
        }

        folded.EventCount++;
        if (state.Apply(e) is { } rows)
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
            folded = new FoldedSymbol(new SymbolState(symbol), isFromSnapshot: false);
            _symbols.Add(symbol, folded);
        }

        return folded;
    }
}
