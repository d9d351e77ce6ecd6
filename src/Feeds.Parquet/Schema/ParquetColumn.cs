namespace Feeds.Parquet.Schema;

/// <summary>One named column of a table, and how it is to be written.</summary>
/// <param name="Name">The column's name, unique in its schema; any text but the empty one.</param>
/// <param name="Type">What it holds.</param>
public sealed record ParquetColumn(string Name, ColumnType Type)
{
    /// <summary>True when values may be missing. A column that says so without any missing value costs next to
    /// nothing.</summary>
    public bool Nullable { get; init; }

    /// <summary>True when NaN is written as null; floating point columns only. Null is always read back as NaN where no
    /// validity is asked for.</summary>
    public bool NanIsNull { get; init; }

    /// <summary>The encoding to write with; null lets the writer measure. Ignored when reading.</summary>
    public ColumnEncoding? Encoding { get; init; }

    /// <summary>The compression to write with; null takes the writer's. Ignored when reading.</summary>
    public CompressionCodec? Compression { get; init; }

    /// <summary>A nullable column of doubles where NaN in memory is null in the file: the shape of a feature.</summary>
    public static ParquetColumn Feature(string name) =>
        new(name, ColumnType.Double) { Nullable = true, NanIsNull = true };

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(Name);
        if (Type.Kind == ColumnKind.Unsupported) throw Bad("its type cannot be written");
        var floating = Type.Physical is PhysicalType.Double or PhysicalType.Float;
        if (NanIsNull && !(floating && Nullable)) throw Bad("NaN can be null only in a nullable floating point column");
        if (Encoding is { } e && !Allows(e)) throw Bad($"encoding {e} does not fit {Type}");
        if (Compression is { } c && !Enum.IsDefined(c)) throw Bad($"unknown compression {(int)c}");
    }

    internal bool Allows(ColumnEncoding encoding) => encoding switch
    {
        ColumnEncoding.Plain => true,
        ColumnEncoding.Rle => Type.Physical == PhysicalType.Boolean,
        ColumnEncoding.Dictionary => Type.Physical != PhysicalType.Boolean,
        ColumnEncoding.DeltaBinaryPacked => Type.Physical is PhysicalType.Int32 or PhysicalType.Int64,
        ColumnEncoding.DeltaLengthByteArray => Type.Physical == PhysicalType.ByteArray,
        ColumnEncoding.ByteStreamSplit => Type.Physical is not (PhysicalType.Boolean or PhysicalType.ByteArray),
        _ => false,
    };

    private ArgumentException Bad(string what) => new($"Column '{Name}': {what}.");
}
