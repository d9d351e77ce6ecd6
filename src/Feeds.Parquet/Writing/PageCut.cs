namespace Feeds.Parquet.Writing;

/// <summary>Cuts the rows of a chunk into pages, and counts what is missing in each.</summary>
internal ref struct PageCut(int rowCount, int rowsPerPage, ReadOnlySpan<bool> flags)
{
    private readonly ReadOnlySpan<bool> _all = flags;

    /// <summary>The page's first row in the chunk.</summary>
    public int FirstRow { get; private set; }

    /// <summary>The page's first value among those that are there.</summary>
    public int FirstValue { get; private set; }

    public int Rows { get; private set; }

    public int Values { get; private set; }

    public readonly int Nulls => Rows - Values;

    /// <summary>The page's flags; empty when nothing is missing in it.</summary>
    public ReadOnlySpan<bool> Flags { get; private set; }

    public bool Next()
    {
        FirstRow += Rows;
        FirstValue += Values;
        Rows = Math.Min(rowsPerPage, rowCount - FirstRow);
        if (Rows <= 0) return false;
        Flags = _all.IsEmpty ? default : _all.Slice(FirstRow, Rows);
        Values = _all.IsEmpty ? Rows : Flags.Count(true);
        if (Values == Rows) Flags = default;
        return true;
    }
}
