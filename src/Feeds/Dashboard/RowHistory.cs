using Feeds.Http;

namespace Feeds.Dashboard;

/// <summary>
/// The newest values of the main features of each symbol, for the page's small charts. Not safe from several threads.
/// </summary>
internal sealed class RowHistory
{
    /// <summary>Ticks that are kept.</summary>
    public const int MaxTicks = 120;

    private static readonly (string Key, Func<RowDocument, double?> Value)[] Kept =
    [
        ("obi_top", static r => r.ObiTop), ("basis", static r => r.Basis), ("oi", static r => r.Oi),
        ("funding", static r => r.Funding),
    ];

    private readonly Dictionary<string, Queue<RowDocument>> _rows = new(StringComparer.Ordinal);
    private DateTimeOffset? _lastTick;

    /// <summary>Takes the rows of a status when they are new; symbols that are gone are forgotten.</summary>
    public void Take(StatusDocument status)
    {
        if (status.LastTickTime is null || status.LastTickTime == _lastTick) return;
        _lastTick = status.LastTickTime;
        HashSet<string> watched = new(StringComparer.Ordinal);
        foreach (SymbolDocument symbol in status.Symbols)
        {
            watched.Add(symbol.Symbol);
            if (symbol.Row is not { } row) continue;
            if (!_rows.TryGetValue(symbol.Symbol, out Queue<RowDocument>? rows))
                _rows[symbol.Symbol] = rows = new Queue<RowDocument>();

            // A symbol that had no row at this tick has a hole there, not its old values again.
            rows.Enqueue(row.Timestamp < _lastTick ? new RowDocument { Timestamp = _lastTick.Value } : row);
            if (rows.Count > MaxTicks) rows.Dequeue();
        }
        foreach (string gone in _rows.Keys.Where(symbol => !watched.Contains(symbol)).ToList()) _rows.Remove(gone);
    }

    /// <summary>Returns what is kept.</summary>
    public HistoryDocument ToDocument() => new(_lastTick, _rows.ToDictionary(
        static s => s.Key,
        static s => (IReadOnlyDictionary<string, IReadOnlyList<double?>>)Kept.ToDictionary(
            static k => k.Key, k => (IReadOnlyList<double?>)[.. s.Value.Select(k.Value)])));
}
