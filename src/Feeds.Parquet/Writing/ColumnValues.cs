using System.Numerics;
using Feeds.Parquet.Schema;

namespace Feeds.Parquet.Writing;

/// <summary>
/// The values of one column of one row group, kept in memory of the caller until they are written. As with
/// <see cref="RowGroupWriter"/>, values are aligned with rows and an empty <c>valid</c> means that nothing is missing.
/// </summary>
public abstract class ColumnValues
{
    private protected ColumnValues(int rowCount) => RowCount = rowCount;

    /// <summary>How many rows there are.</summary>
    public int RowCount { get; }

    /// <summary>Booleans.</summary>
    public static ColumnValues Of(ReadOnlyMemory<bool> values, ReadOnlyMemory<bool> valid = default) =>
        new Booleans(values, valid);

    /// <summary>32-bit numbers or dates (days since 1970-01-01).</summary>
    public static ColumnValues Of(ReadOnlyMemory<int> values, ReadOnlyMemory<bool> valid = default) =>
        new Numbers<int>(values, valid, PhysicalType.Int32);

    /// <summary>64-bit numbers, time stamps (epoch ms or µs, UTC), or decimals in units of the last digit.</summary>
    public static ColumnValues Of(ReadOnlyMemory<long> values, ReadOnlyMemory<bool> valid = default) =>
        new Numbers<long>(values, valid, PhysicalType.Int64);

    /// <summary>32-bit floating point numbers.</summary>
    public static ColumnValues Of(ReadOnlyMemory<float> values, ReadOnlyMemory<bool> valid = default) =>
        new Numbers<float>(values, valid, PhysicalType.Float);

    /// <summary>64-bit floating point numbers.</summary>
    public static ColumnValues Of(ReadOnlyMemory<double> values, ReadOnlyMemory<bool> valid = default) =>
        new Numbers<double>(values, valid, PhysicalType.Double);

    /// <summary>Decimals.</summary>
    public static ColumnValues Of(ReadOnlyMemory<decimal> values, ReadOnlyMemory<bool> valid = default) =>
        new Decimals(values, valid);

    /// <summary>Text; null is a missing value.</summary>
    public static ColumnValues Of(ReadOnlyMemory<string?> values) => new Texts(values);

    /// <summary>Text as positions in a list of texts; a negative position is a missing value.</summary>
    public static ColumnValues OfCodes(ReadOnlyMemory<int> values, IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return new Codes(values, texts);
    }

    internal abstract EncodedChunk Encode(ChunkEncoder encoder, ParquetColumn column);

    private static void Require(bool fits, ParquetColumn column)
    {
        if (!fits)
            throw new ArgumentException($"Column '{column.Name}' is {column.Type}; values of another type were given.");
    }

    private sealed class Booleans(ReadOnlyMemory<bool> values, ReadOnlyMemory<bool> valid) : ColumnValues(values.Length)
    {
        internal override EncodedChunk Encode(ChunkEncoder encoder, ParquetColumn column)
        {
            Require(column.Type.Kind == ColumnKind.Boolean, column);
            return encoder.EncodeBooleans(column, values.Span, valid.Span);
        }
    }

    private sealed class Numbers<T>(ReadOnlyMemory<T> values, ReadOnlyMemory<bool> valid, PhysicalType type)
        : ColumnValues(values.Length)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        internal override EncodedChunk Encode(ChunkEncoder encoder, ParquetColumn column)
        {
            Require(column.Type.Physical == type, column);
            return encoder.Encode(column, values.Span, valid.Span);
        }
    }

    private sealed class Decimals(
        ReadOnlyMemory<decimal> values, ReadOnlyMemory<bool> valid) : ColumnValues(values.Length)
    {
        internal override EncodedChunk Encode(ChunkEncoder encoder, ParquetColumn column)
        {
            Require(column.Type.Kind == ColumnKind.Decimal, column);
            return DecimalValues.Encode(encoder, column, values.Span, valid.Span);
        }
    }

    private sealed class Texts(ReadOnlyMemory<string?> values) : ColumnValues(values.Length)
    {
        internal override EncodedChunk Encode(ChunkEncoder encoder, ParquetColumn column)
        {
            Require(column.Type.Kind == ColumnKind.String, column);
            var codes = new int[values.Length];
            var texts = TextDictionary.FromTexts(values.Span, codes);
            return encoder.EncodeTexts(column, codes, texts);
        }
    }

    private sealed class Codes(ReadOnlyMemory<int> values, IReadOnlyList<string> texts) : ColumnValues(values.Length)
    {
        internal override EncodedChunk Encode(ChunkEncoder encoder, ParquetColumn column)
        {
            Require(column.Type.Kind == ColumnKind.String, column);
            var codes = new int[values.Length];
            var dictionary = TextDictionary.FromCodes(values.Span, texts, codes);
            return encoder.EncodeTexts(column, codes, dictionary);
        }
    }
}
