using Feeds.Binance.Wire;
using Feeds.Core.Market;

namespace Feeds.Engine.Symbols;

/// <summary>
/// The symbols a node watches now, with the table by which the decoder finds them. Read from any thread without a lock;
/// changed as a whole, by one writer at a time.
/// </summary>
public sealed class SymbolSet
{
    private readonly Lock _gate = new();
    private readonly SymbolTotals _departed = new();
    private HashSet<Symbol> _known = [];
    private volatile State _state = new([], SymbolTable.Empty, []);

    /// <summary>The entries, in the order in which they were added.</summary>
    public IReadOnlyList<SymbolEntry> Entries => _state.Entries;

    /// <summary>The decoder's table of these symbols.</summary>
    public SymbolTable Table => _state.Table;

    /// <summary>Returns the entry of a symbol; null when it is not watched.</summary>
    public SymbolEntry? Find(Symbol symbol) => At(_state.Table.IndexOf(symbol));

    /// <summary>Returns the entry at the decoder's index; null when there is none any more.</summary>
    public SymbolEntry? At(int index)
    {
        SymbolEntry?[] byIndex = _state.ByIndex;
        return (uint)index < (uint)byIndex.Length ? byIndex[index] : null;
    }

    /// <summary>Lets the decoder find symbols that are not watched; they have no entry.</summary>
    internal void Know(IReadOnlyCollection<Symbol> symbols)
    {
        State before = _state;
        SymbolTable table = symbols.Aggregate(before.Table, static (all, symbol) => all.With(symbol));
        SymbolEntry?[] byIndex = new SymbolEntry?[table.IndexLimit];
        before.ByIndex.CopyTo(byIndex, 0);
        _state = new State(before.Entries, table, byIndex);
        _known = [.. symbols];
    }

    /// <summary>Adds an entry whose symbol is not watched yet.</summary>
    internal void Add(SymbolEntry entry)
    {
        State before = _state;
        SymbolTable table = before.Table.With(entry.Symbol);
        SymbolEntry?[] byIndex = new SymbolEntry?[table.IndexLimit];
        before.ByIndex.CopyTo(byIndex, 0);
        byIndex[table.IndexOf(entry.Symbol)] = entry;
        _state = new State([.. before.Entries, entry], table, byIndex);
    }

    /// <summary>Removes an entry.</summary>
    internal void Remove(SymbolEntry entry)
    {
        State before = _state;
        SymbolEntry?[] byIndex = [.. before.ByIndex];
        int index = before.Table.IndexOf(entry.Symbol);
        if (index >= 0)
        {
            lock (_gate)
            {
                _departed.Add(entry.Gauges);
            }

            byIndex[index] = null;
            SymbolTable table = _known.Contains(entry.Symbol) ? before.Table : before.Table.Without(entry.Symbol);
            _state = new State([.. before.Entries.Where(each => !ReferenceEquals(each, entry))], table, byIndex);
        }
    }

    /// <summary>Returns sums over all symbols since the start, those included that are not watched any more.</summary>
    internal SymbolTotals Totals()
    {
        SymbolTotals totals = new();
        lock (_gate)
        {
            totals.Add(_departed);
            foreach (SymbolEntry entry in Entries)
            {
                totals.Add(entry.Gauges);
            }
        }

        return totals;
    }

    private sealed record State(SymbolEntry[] Entries, SymbolTable Table, SymbolEntry?[] ByIndex);
}
