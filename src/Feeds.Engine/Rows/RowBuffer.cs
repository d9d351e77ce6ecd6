using Feeds.Core.Symbols;

namespace Feeds.Engine.Rows;

/// <summary>
/// The rows that were computed and not yet written. Belongs to the sink's place in the tree and not to one incarnation
/// of its actor, so that a failed write loses nothing. Used by one actor at a time.
/// </summary>
internal sealed class RowBuffer
{
    private readonly List<TickRows> _rows = [];
    private readonly Dictionary<long, int> _heardOf = [];

    /// <summary>The rows, in the order of ticks, then as they came.</summary>
    public IReadOnlyList<TickRows> Rows => _rows;

    /// <summary>Takes a row or a skip; returns how many symbols were heard of at its tick.</summary>
    public int Add(in RowMessage message)
    {
        if (message.Rows is { } rows)
        {
            _rows.Add(rows);
        }

        int heard = _heardOf.GetValueOrDefault(message.TickTime) + 1;
        _heardOf[message.TickTime] = heard;
        return heard;
    }

    /// <summary>
    /// Puts the rows into the order in which they are written: by tick, then by place in the watched set.
    /// </summary>
    public void Sort(IComparer<TickRows> order) => _rows.Sort(order);

    /// <summary>Keeps those rows that may be written; the others are discarded. Returns how many those were.</summary>
    public int Keep(Func<TickRows, bool> may) => _rows.RemoveAll(rows => !may(rows));

    /// <summary>Forgets the rows: they are written.</summary>
    public void Clear()
    {
        _rows.Clear();
        _heardOf.Clear();
    }
}
