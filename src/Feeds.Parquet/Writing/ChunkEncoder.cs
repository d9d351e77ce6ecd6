using System.Numerics;
using Feeds.Parquet.Buffers;
using Feeds.Parquet.Encodings;
using Feeds.Parquet.Format;
using Feeds.Parquet.Schema;

namespace Feeds.Parquet.Writing;

/// <summary>Turns the values of one column of one row group into its bytes. Keeps its buffers; one thread at a
/// time.</summary>
internal sealed class ChunkEncoder : IDisposable
{
    private readonly ParquetWriterOptions _options;
    private readonly LayoutChooser _chooser;
    private readonly PageAppender _pages;
    private readonly MissingValues _missing = new();
    private readonly DictionaryBuilder<int> _ints = new();
    private readonly DictionaryBuilder<long> _longs = new();
    private readonly DictionaryBuilder<float> _floats = new();
    private readonly DictionaryBuilder<double> _doubles = new();
    private readonly DictionaryBuilder<Int128> _decimals = new();
    private PooledArray<int> _codes;

    public ChunkEncoder(ParquetWriterOptions options)
    {
        _options = options;
        _chooser = new LayoutChooser(options);
        _pages = new PageAppender(options);
    }

    /// <summary>Encodes numbers; empty <paramref name="valid"/> means that none is missing.</summary>
    public EncodedChunk Encode<T>(ParquetColumn column, ReadOnlySpan<T> values, ReadOnlySpan<bool> valid)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        var dense = _missing.TakeOut(column, values, valid, out var flags);
        var dictionary = DictionaryOf<T>();
        var codes = _codes.Take(dense.Length);
        var layout = _chooser.Choose(column, dense, dictionary, codes);
        var chunk = Begin(column, layout);
        var statistics = new ChunkStatistics(new ValueOrder(column.Type));
        var width = 0;
        if (layout.Encoding == ColumnEncoding.Dictionary)
        {
            _pages.Page.Clear();
            PlainEncoder.Encode(dictionary.Values, _pages.Page);
            _pages.EndDictionary(chunk, layout.Codec, dictionary.Count);
            width = BitPacking.WidthOf((uint)Math.Max(0, dictionary.Count - 1));
        }

        var cut = new PageCut(values.Length, RowsPerPage(PlainEncoder.WidthOf<T>()), flags);
        while (cut.Next())
        {
            _pages.BeginPage(column.Nullable, cut.Rows, cut.Flags);
            var there = dense.Slice(cut.FirstValue, cut.Values);
            if (layout.Encoding == ColumnEncoding.Dictionary)
                EncodeCodes(codes.Slice(cut.FirstValue, cut.Values), width);
            else ValueEncoder.Encode(layout.Encoding, there, _pages.Page);
            _pages.EndPage(chunk, layout.PageEncoding, layout.Codec, cut.Rows, cut.Nulls, cut.FirstRow);
            var bounded = ValueRange.TryFind(there, out var min, out var max);
            statistics.AddPage(
                cut.Values, cut.Nulls, bounded ? PlainEncoder.ToBytes(min) : null, bounded ? PlainEncoder.ToBytes(max)
                    : null);
        }

        return Finish(chunk, statistics, values.Length);
    }

    /// <summary>Encodes booleans, as bits or as runs of them.</summary>
    public EncodedChunk EncodeBooleans(ParquetColumn column, ReadOnlySpan<bool> values, ReadOnlySpan<bool> valid)
    {
        var dense = _missing.TakeOut(column, values, valid, out var flags);
        var encoding = column.Encoding ?? ColumnEncoding.Plain;
        _pages.Page.Clear();
        LevelEncoder.PackBits(dense, _pages.Page);
        var chunk = Begin(column, new Layout(encoding, _chooser.ChooseCodec(column, _pages.Page.Written)));
        var layout = new Layout(encoding, (CompressionCodec)chunk.Metadata.Codec);
        var statistics = new ChunkStatistics(new ValueOrder(column.Type));
        var cut = new PageCut(values.Length, RowsPerPage(1), flags);
        while (cut.Next())
        {
            var there = dense.Slice(cut.FirstValue, cut.Values);
            _pages.BeginPage(column.Nullable, cut.Rows, cut.Flags);
            if (encoding == ColumnEncoding.Plain)
            {
                LevelEncoder.PackBits(there, _pages.Page);
            }
            else
            {
                var length = _pages.Page.Count;
                _pages.Page.WriteInt32(0);
                LevelEncoder.Encode(there, _pages.Page);
                _pages.Page.PatchInt32(length, _pages.Page.Count - length - sizeof(int));
            }

            _pages.EndPage(chunk, layout.PageEncoding, layout.Codec, cut.Rows, cut.Nulls, cut.FirstRow);
            byte[]? min = there.IsEmpty ? null : [there.Contains(false) ? (byte)0 : (byte)1];
            byte[]? max = there.IsEmpty ? null : [there.Contains(true) ? (byte)1 : (byte)0];
            statistics.AddPage(cut.Values, cut.Nulls, min, max);
        }

        return Finish(chunk, statistics, values.Length);
    }

    /// <summary>Encodes text given as codes into <paramref name="texts"/>; a code below 0 is a missing value.</summary>
    public EncodedChunk EncodeTexts(ParquetColumn column, ReadOnlySpan<int> codes, TextDictionary texts)
    {
        var valid = texts.MarkMissing(codes);
        var dense = _missing.TakeOut(column, codes, valid, out var flags);
        var encoding = column.Encoding ?? texts.ChooseEncoding(dense);
        var width = BitPacking.WidthOf((uint)Math.Max(0, texts.Count - 1));
        _pages.Page.Clear();
        EncodeTextValues(encoding, dense[..Math.Min(dense.Length, 4096)], texts, width);
        var codec = _chooser.ChooseCodec(column, _pages.Page.Written);
        var chunk = Begin(column, new Layout(encoding, codec));
        if (encoding == ColumnEncoding.Dictionary)
        {
            _pages.Page.Clear();
            texts.EncodeAll(_pages.Page);
            _pages.EndDictionary(chunk, codec, texts.Count);
        }

        var statistics = new ChunkStatistics(new ValueOrder(column.Type));
        var pageEncoding = new Layout(encoding, codec).PageEncoding;
        var perRow = encoding == ColumnEncoding.Dictionary ? 4 : texts.MeanBytes(dense);
        var cut = new PageCut(codes.Length, RowsPerPage(perRow), flags);
        while (cut.Next())
        {
            var there = dense.Slice(cut.FirstValue, cut.Values);
            _pages.BeginPage(column.Nullable, cut.Rows, cut.Flags);
            EncodeTextValues(encoding, there, texts, width);
            _pages.EndPage(chunk, pageEncoding, codec, cut.Rows, cut.Nulls, cut.FirstRow);
            texts.TryFindRange(there, out var min, out var max);
            statistics.AddPage(cut.Values, cut.Nulls, min, max);
        }

        return Finish(chunk, statistics, codes.Length);
    }

    public void Dispose()
    {
        _chooser.Dispose();
        _pages.Dispose();
        _missing.Dispose();
        _ints.Dispose();
        _longs.Dispose();
        _floats.Dispose();
        _doubles.Dispose();
        _decimals.Dispose();
        _codes.Return();
    }

    private static EncodedChunk Begin(ParquetColumn column, Layout layout)
    {
        var chunk = new EncodedChunk();
        chunk.Metadata.PhysicalType = (int)column.Type.Physical;
        chunk.Metadata.Codec = (int)layout.Codec;
        chunk.Metadata.Path.Add(column.Name);
        chunk.Metadata.Encodings.Add(layout.PageEncoding);
        if (layout.Encoding == ColumnEncoding.Dictionary)
            chunk.Metadata.Encodings.Add(ParquetEncoding.Plain);
        if (column.Nullable && layout.Encoding != ColumnEncoding.Rle) chunk.Metadata.Encodings.Add(ParquetEncoding.Rle);
        return chunk;
    }

    private EncodedChunk Finish(EncodedChunk chunk, ChunkStatistics statistics, int rows)
    {
        chunk.Metadata.ValueCount = rows;
        chunk.Metadata.CompressedBytes = chunk.Bytes.Count;
        statistics.Finish(chunk, _options.PageIndex);
        return chunk;
    }

    private int RowsPerPage(int bytesPerRow) =>
        Math.Max(8, Math.Min(_options.PageRows, _options.PageBytes / Math.Max(1, bytesPerRow)) & ~7);

    private void EncodeCodes(ReadOnlySpan<int> codes, int width)
    {
        _pages.Page.WriteByte((byte)width);
        RleEncoder.Encode(codes, width, _pages.Page);
    }

    private void EncodeTextValues(ColumnEncoding encoding, ReadOnlySpan<int> codes, TextDictionary texts, int width)
    {
        if (encoding == ColumnEncoding.Dictionary) EncodeCodes(codes, width);
        else texts.Encode(encoding, codes, _pages.Page);
    }

    private DictionaryBuilder<T> DictionaryOf<T>()
        where T : unmanaged
    {
        object builder = typeof(T) == typeof(double) ? _doubles
            : typeof(T) == typeof(long) ? _longs
            : typeof(T) == typeof(int) ? _ints
            : typeof(T) == typeof(float) ? _floats
            : _decimals;
        return (DictionaryBuilder<T>)builder;
    }
}
