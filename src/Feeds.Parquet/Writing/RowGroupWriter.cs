using System.Buffers;
using System.Numerics;
using Feeds.Parquet.Format;
using Feeds.Parquet.Schema;

namespace Feeds.Parquet.Writing;

/// <summary>
/// Takes the columns of one row group, each once, in any order; the row group is complete with the last one. Values are
/// aligned with rows: a missing value has a place whose content does not matter and a <c>false</c> in <c>valid</c>. An
/// empty <c>valid</c> means that nothing is missing (but NaN, where the column says that NaN is null).
/// </summary>
public sealed class RowGroupWriter
{
    private readonly ParquetFileWriter _writer;
    private readonly ChunkMetadata?[] _chunks;
    private int _written;

    internal RowGroupWriter(ParquetFileWriter writer, int rowCount)
    {
        _writer = writer;
        RowCount = rowCount;
        _chunks = new ChunkMetadata?[writer.Schema.Count];
    }

    /// <summary>Rows of this row group; every column must bring as many values.</summary>
    public int RowCount { get; }

    /// <summary>True when every column was written.</summary>
    public bool IsComplete => _written == _chunks.Length;

    internal int FirstMissing => Array.IndexOf(_chunks, null);

    /// <summary>Writes a column of booleans.</summary>
    public void Write(int column, ReadOnlySpan<bool> values, ReadOnlySpan<bool> valid = default)
    {
        var schema = Require(column, values.Length, PhysicalType.Boolean);
        Add(column, _writer.Encoder.EncodeBooleans(schema, values, valid));
    }

    /// <summary>Writes a column of 32-bit numbers or of dates (days since 1970-01-01).</summary>
    public void Write(int column, ReadOnlySpan<int> values, ReadOnlySpan<bool> valid = default) =>
        Write(column, values, valid, PhysicalType.Int32);

    /// <summary>Writes a column of 64-bit numbers, of time stamps (epoch ms or µs, UTC), or of decimals stored as
    /// numbers, then in units of the last digit.</summary>
    public void Write(int column, ReadOnlySpan<long> values, ReadOnlySpan<bool> valid = default) =>
        Write(column, values, valid, PhysicalType.Int64);

    /// <summary>Writes a column of 32-bit floating point numbers.</summary>
    public void Write(int column, ReadOnlySpan<float> values, ReadOnlySpan<bool> valid = default) =>
        Write(column, values, valid, PhysicalType.Float);

    /// <summary>Writes a column of 64-bit floating point numbers.</summary>
    public void Write(int column, ReadOnlySpan<double> values, ReadOnlySpan<bool> valid = default) =>
        Write(column, values, valid, PhysicalType.Double);

    /// <summary>Writes a column of decimals.</summary>
    /// <exception cref="ArgumentException">A value has more digits before or behind the point than the column's
    /// type.</exception>
    public void Write(int column, ReadOnlySpan<decimal> values, ReadOnlySpan<bool> valid = default)
    {
        var schema = Require(column, values.Length, null, ColumnKind.Decimal);
        Add(column, DecimalValues.Encode(_writer.Encoder, schema, values, valid));
    }

    /// <summary>Writes a column of text; null is a missing value.</summary>
    public void Write(int column, ReadOnlySpan<string?> values)
    {
        var schema = Require(column, values.Length, null, ColumnKind.String);
        var codes = ArrayPool<int>.Shared.Rent(values.Length);
        var span = codes.AsSpan(0, values.Length);
        var texts = TextDictionary.FromTexts(values, span);
        Add(column, _writer.Encoder.EncodeTexts(schema, span, texts));
        ArrayPool<int>.Shared.Return(codes);
    }

    /// <summary>Writes a column of text as positions in a list of texts; a negative position is a missing
    /// value.</summary>
    public void WriteCodes(int column, ReadOnlySpan<int> values, IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var schema = Require(column, values.Length, null, ColumnKind.String);
        var codes = ArrayPool<int>.Shared.Rent(values.Length);
        var span = codes.AsSpan(0, values.Length);
        var dictionary = TextDictionary.FromCodes(values, texts, span);
        Add(column, _writer.Encoder.EncodeTexts(schema, span, dictionary));
        ArrayPool<int>.Shared.Return(codes);
    }

    internal void Add(int column, EncodedChunk chunk)
    {
        _writer.Place(chunk);
        _chunks[column] = chunk.Metadata;
        if (++_written < _chunks.Length) return;
        var group = new RowGroupMetadata { RowCount = RowCount };
        foreach (var metadata in _chunks)
        {
            group.Columns.Add(metadata!);
            group.TotalBytes += metadata!.UncompressedBytes;
            group.CompressedBytes += metadata.CompressedBytes;
        }

        _writer.Complete(group);
    }

    private void Write<T>(int column, ReadOnlySpan<T> values, ReadOnlySpan<bool> valid, PhysicalType type)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        var schema = Require(column, values.Length, type);
        Add(column, _writer.Encoder.Encode(schema, values, valid));
    }

    private ParquetColumn Require(int column, int rows, PhysicalType? type, ColumnKind? kind = null)
    {
        var schema = _writer.Schema[column];
        if (rows != RowCount)
            throw new ArgumentException($"Column '{schema.Name}': {rows} values for {RowCount} rows.");
        if ((type is not null && schema.Type.Physical != type) || (kind is not null && schema.Type.Kind != kind))
            throw new ArgumentException($"Column '{schema.Name}' is {schema.Type}; values of another type were given.");
        if (_chunks[column] is not null)
            throw new InvalidOperationException($"Column '{schema.Name}' was written already.");
        return schema;
    }
}
