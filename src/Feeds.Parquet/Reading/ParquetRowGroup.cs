using Feeds.Parquet.Encodings;
using Feeds.Parquet.Format;
using Feeds.Parquet.Schema;
using Feeds.Parquet.Writing;

namespace Feeds.Parquet.Reading;

/// <summary>
/// One row group of an open file. Columns may be opened and read by several threads at once. Only what is asked for is
/// read from the file.
/// </summary>
public sealed class ParquetRowGroup
{
    private readonly ParquetFileReader _file;
    private readonly RowGroupMetadata _metadata;

    internal ParquetRowGroup(ParquetFileReader file, RowGroupMetadata metadata, int index)
    {
        _file = file;
        _metadata = metadata;
        Index = index;
    }

    /// <summary>Position in the file, from 0.</summary>
    public int Index { get; }

    /// <summary>Rows of this row group, 0 or more.</summary>
    public long RowCount => _metadata.RowCount;

    /// <summary>Opens a column for reading; dispose of it afterwards.</summary>
    /// <exception cref="ParquetException">The column is damaged, or written in a way that this library does not
    /// read.</exception>
    /// <exception cref="ArgumentException"><typeparamref name="T"/> is not the column's .NET type.</exception>
    public ColumnReader<T> OpenColumn<T>(int column) => new(Address(column));

    /// <summary>Opens a column by name.</summary>
    /// <exception cref="ArgumentException">There is no such column, or it is of another type.</exception>
    public ColumnReader<T> OpenColumn<T>(string column) => OpenColumn<T>(_file.Schema.Require(column));

    /// <summary>Reads a whole column into spans of at least <see cref="RowCount"/> elements and returns the number of
    /// rows. A missing value reads as NaN, null or the type's zero.</summary>
    /// <exception cref="ParquetException">The column is damaged, or written in a way that this library does not
    /// read.</exception>
    public int Read<T>(int column, Span<T> values, Span<bool> valid = default)
    {
        if (values.Length < RowCount)
            throw new ArgumentException($"Room for {values.Length} of {RowCount} rows.", nameof(values));
        using var reader = OpenColumn<T>(column);
        var rows = (int)RowCount;
        return reader.Read(values[..rows], valid.IsEmpty ? default : valid[..rows]);
    }

    /// <summary>Reads a whole column by name.</summary>
    /// <exception cref="ParquetException">The column is damaged, or written in a way that this library does not
    /// read.</exception>
    public int Read<T>(string column, Span<T> values, Span<bool> valid = default) =>
        Read(_file.Schema.Require(column), values, valid);

    /// <summary>Reads some rows of a column; pages outside of the range are not decompressed.</summary>
    /// <exception cref="ParquetException">The column is damaged, or written in a way that this library does not
    /// read.</exception>
    public int Read<T>(int column, RowRange range, Span<T> values, Span<bool> valid = default)
    {
        if (values.Length < range.Count)
            throw new ArgumentException($"Room for {values.Length} of {range.Count} rows.", nameof(values));
        using var reader = OpenColumn<T>(column);
        reader.Skip(range.First);
        var rows = (int)range.Count;
        return reader.Read(values[..rows], valid.IsEmpty ? default : valid[..rows]);
    }

    /// <summary>What the footer says about a column.</summary>
    public ColumnStatistics Statistics(int column) =>
        new(_file.Schema[column], _metadata.Columns[column].Statistics, _file.HasOrder);

    /// <summary>Encodings and compression of a column as the footer names them, for people.</summary>
    public string Layout(int column)
    {
        var chunk = _metadata.Columns[column];
        var codec = chunk.Codec switch
        {
            0 => "uncompressed",
            1 => "Snappy",
            2 => "GZIP",
            4 => "Brotli",
            _ => $"codec {chunk.Codec}",
        };
        var encodings = string.Join(", ", chunk.Encodings);
        return $"{encodings}; {codec}; {chunk.CompressedBytes} of {chunk.UncompressedBytes} bytes";
    }

    /// <summary>False when the statistics prove that no value of the column lies within <paramref name="from"/> and
    /// <paramref name="to"/>, both included: the row group can be passed over.</summary>
    /// <exception cref="ArgumentException"><typeparamref name="T"/> is not the column's .NET type.</exception>
    public bool MayContain<T>(string column, T from, T to)
    {
        var index = _file.Schema.Require(column);
        var schema = _file.Schema[index];
        return Statistics(index).MayContain(
            PlainValue.ToBytes(schema, from), PlainValue.ToBytes(schema, to), new ValueOrder(schema.Type));
    }

    /// <summary>
    /// The rows that may hold values within <paramref name="from"/> and <paramref name="to"/>, both included: whole
    /// pages as the page index tells them apart; all rows when there is no page index; none when the statistics rule
    /// it out.
    /// </summary>
    /// <exception cref="ParquetException">The page index is damaged.</exception>
    public IReadOnlyList<RowRange> FindRows<T>(string column, T from, T to)
    {
        if (RowCount == 0 || !MayContain(column, from, to)) return [];
        var index = _file.Schema.Require(column);
        return PageIndex.Find(Address(index), PlainValue.ToBytes(_file.Schema[index], from),
            PlainValue.ToBytes(_file.Schema[index], to))
            ?? [new RowRange(0, RowCount)];
    }

    internal ParquetSchema Schema => _file.Schema;

    internal EncodedChunk Copy(int column) => ChunkCopy.Read(Address(column), _file.HasOrder);

    private ColumnAddress Address(int column) => new(
        _file.Source, _file.DataEnd, _file.Limits, _file.Schema[column], _metadata.Columns[column], RowCount);
}
