using Feeds.Core.Market;

namespace Feeds.Engine.Context;

/// <summary>
/// The closed one-minute bars of context symbols, the newest day of them: what a symbol that starts later still needs.
/// Written by the context's actor, read from any thread.
/// </summary>
internal sealed class ContextBars
{
    // A day's returns need one bar more, and a symbol may be two minutes behind.
    private const int Capacity = 1_445;

    private readonly Dictionary<Symbol, SortedList<long, (Bar Bar, long ReceiveTime)>> _bars;

    /// <summary>Makes room for these symbols' bars.</summary>
    public ContextBars(IEnumerable<Symbol> symbols) =>
        _bars = symbols.ToDictionary(
            static symbol => symbol, static _ => new SortedList<long, (Bar Bar, long ReceiveTime)>());

    /// <summary>The symbols whose bars are kept.</summary>
    public IReadOnlyCollection<Symbol> Symbols => _bars.Keys;

    /// <summary>True when the symbol is context for some other.</summary>
    public bool Keeps(Symbol symbol) => _bars.ContainsKey(symbol);

    /// <summary>Keeps a bar; false when it is known already or older than what is kept.</summary>
    public bool Add(Symbol symbol, Bar bar, long receiveTime)
    {
        SortedList<long, (Bar Bar, long ReceiveTime)> bars = _bars[symbol];
        lock (bars)
        {
            if (bars.Count == Capacity && bar.OpenTime < bars.Keys[0])
            {
                return false;
            }

            bool isNew = bars.TryAdd(bar.OpenTime, (bar, receiveTime));
            if (bars.Count > Capacity)
            {
                bars.RemoveAt(0);
            }

            return isNew;
        }
    }

    /// <summary>Returns the open time of a symbol's newest bar, epoch ms; 0 when none is known.</summary>
    public long NewestTime(Symbol symbol)
    {
        SortedList<long, (Bar Bar, long ReceiveTime)> bars = _bars[symbol];
        lock (bars)
        {
            return bars.Count == 0 ? 0 : bars.Keys[^1];
        }
    }

    /// <summary>
    /// Returns a symbol's bars that opened after a time, oldest first, with the time at which each was received.
    /// </summary>
    public IReadOnlyList<(Bar Bar, long ReceiveTime)> After(Symbol symbol, long openTime)
    {
        if (!_bars.TryGetValue(symbol, out SortedList<long, (Bar Bar, long ReceiveTime)>? bars))
        {
            return [];
        }

        lock (bars)
        {
            return [.. bars.Where(each => each.Key > openTime).Select(static each => each.Value)];
        }
    }
}
