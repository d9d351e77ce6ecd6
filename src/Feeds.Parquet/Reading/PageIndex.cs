using Feeds.Parquet.Encodings;
using Feeds.Parquet.Format;

namespace Feeds.Parquet.Reading;

/// <summary>Tells from the page index which pages may hold values of a range.</summary>
internal static class PageIndex
{
    /// <summary>Null when the file has no page index for the column.</summary>
    public static List<RowRange>? Find(ColumnAddress address, byte[] from, byte[] to) =>
        Load(address) is var (columns, offsets) ? Select(address, columns, offsets, from, to) : null;

    /// <summary>What the file says about the pages of a chunk; null when it has no page index for it.</summary>
    public static (ColumnIndex Columns, List<PageLocation> Offsets)? Load(ColumnAddress address)
    {
        var chunk = address.Chunk;
        if (chunk.ColumnIndexLength <= 0 || chunk.OffsetIndexLength <= 0) return null;
        try
        {
            var columns = PageMetadataReader.ReadColumnIndex(Load(address, chunk.ColumnIndexOffset,
                chunk.ColumnIndexLength).Span);
            var offsets = PageMetadataReader.ReadOffsetIndex(Load(address, chunk.OffsetIndexOffset,
                chunk.OffsetIndexLength).Span);
            Check(address, columns, offsets);
            return (columns, offsets);
        }
        catch (DamagedDataException e)
        {
            throw address.Fail("its page index is damaged: " + e.Message, chunk.ColumnIndexOffset, e);
        }
    }

    private static ReadOnlyMemory<byte> Load(ColumnAddress address, long offset, int length)
    {
        if (length > address.Limits.MaxFooterBytes) throw new DamagedDataException("longer than the limit");
        if (offset < 4 || offset > address.DataEnd || length > address.DataEnd - offset)
            throw new DamagedDataException("it lies outside of the file");
        return address.Source.Read(offset, length, address.Source.InMemory ? default : new byte[length]);
    }

    private static void Check(ColumnAddress address, ColumnIndex columns, List<PageLocation> offsets)
    {
        var pages = offsets.Count;
        if (columns.NullPages.Count != pages || columns.Min.Count != pages || columns.Max.Count != pages)
            throw new DamagedDataException("its parts are of different lengths");
        for (var i = 0; i < pages; i++)
        {
            var before = i == 0 ? 0 : offsets[i - 1].FirstRow;
            if (offsets[i].FirstRow < before || offsets[i].FirstRow > address.RowCount
                || (i == 0 && offsets[i].FirstRow != 0))
                throw new DamagedDataException("its rows are out of order");
        }
    }

    private static List<RowRange> Select(
        ColumnAddress address, ColumnIndex columns, List<PageLocation> offsets, byte[] from, byte[] to)
    {
        var order = new ValueOrder(address.Column.Type);
        var ranges = new List<RowRange>();
        for (var i = 0; i < offsets.Count; i++)
        {
            if (columns.NullPages[i]) continue;
            var bounded = PlainValue.IsBound(address.Column.Type, columns.Min[i])
                && PlainValue.IsBound(address.Column.Type, columns.Max[i]);
            if (bounded && (order.Compare(columns.Max[i], from) < 0 || order.Compare(columns.Min[i], to) > 0)) continue;
            var first = offsets[i].FirstRow;
            var count = (i + 1 < offsets.Count ? offsets[i + 1].FirstRow : address.RowCount) - first;
            if (count == 0) continue;
            if (ranges.Count > 0 && ranges[^1].First + ranges[^1].Count == first)
                ranges[^1] = ranges[^1] with { Count = ranges[^1].Count + count };
            else ranges.Add(new RowRange(first, count));
        }

        return ranges;
    }
}
