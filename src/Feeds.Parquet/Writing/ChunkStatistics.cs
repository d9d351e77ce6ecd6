using Feeds.Parquet.Format;

namespace Feeds.Parquet.Writing;

/// <summary>Gathers minima, maxima and nulls page by page, for the chunk's statistics and for its column
/// index.</summary>
internal sealed class ChunkStatistics(IComparer<byte[]> order)
{
    // Longer minima and maxima would cost more in the footer than they save.
    private const int MaxBytes = 128;

    private readonly ColumnIndex _index = new();
    private byte[]? _min;
    private byte[]? _max;
    private long _nulls;
    private bool _unknownPage;

    /// <summary>Adds a page; null bounds of a page that has values mean that it holds nothing but NaN.</summary>
    public void AddPage(int values, int nulls, byte[]? min, byte[]? max)
    {
        _nulls += nulls;
        _index.NullCounts.Add(nulls);
        _index.NullPages.Add(values == 0);
        _index.Min.Add(min ?? []);
        _index.Max.Add(max ?? []);
        if (values == 0) return;
        if (min is null || max is null)
        {
            _unknownPage = true;
            return;
        }

        if (_min is null || order.Compare(min, _min) < 0) _min = min;
        if (_max is null || order.Compare(max, _max) > 0) _max = max;
    }

    public void Finish(EncodedChunk chunk, bool withIndex)
    {
        var bounded = _min is { Length: <= MaxBytes } && _max is { Length: <= MaxBytes };
        chunk.Metadata.Statistics = new RawStatistics
        {
            NullCount = _nulls,
            Min = bounded ? _min : null,
            Max = bounded ? _max : null,
        };

        // A page of nothing but NaN has no bounds, and the format then wants no column index at all.
        if (!withIndex || _unknownPage || !bounded || _index.Min.Count < 2) return;
        _index.Order = Order();
        chunk.ColumnIndex = _index;
    }

    private int Order()
    {
        bool ascending = true, descending = true;
        var last = -1;
        for (var i = 0; i < _index.Min.Count; i++)
        {
            if (_index.NullPages[i]) continue;
            if (last >= 0)
            {
                var low = order.Compare(_index.Min[last], _index.Min[i]);
                var high = order.Compare(_index.Max[last], _index.Max[i]);
                ascending &= low <= 0 && high <= 0;
                descending &= low >= 0 && high >= 0;
            }

            last = i;
        }

        return ascending ? 1 : descending ? 2 : 0;
    }
}
