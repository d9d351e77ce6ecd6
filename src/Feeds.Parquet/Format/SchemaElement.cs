using Feeds.Parquet.Schema;

namespace Feeds.Parquet.Format;

/// <summary>A node of the schema tree as the file states it; −1 where it says nothing.</summary>
internal sealed class SchemaElement
{
    public const int Required = 0;
    public const int Optional = 1;
    public const int Repeated = 2;

    public int PhysicalType { get; set; } = -1;

    public int TypeLength { get; set; }

    public int Repetition { get; set; } = -1;

    public string Name { get; set; } = "";

    public int ChildCount { get; set; }

    public int ConvertedType { get; set; } = -1;

    public int Scale { get; set; }

    public int Precision { get; set; }

    /// <summary>The field number of the logical type's union, 0 when absent.</summary>
    public int LogicalType { get; set; }

    /// <summary>Unit of a logical time stamp: 1 ms, 2 µs, 3 ns.</summary>
    public int TimeUnit { get; set; }

    public int IntegerWidth { get; set; }

    public bool IntegerSigned { get; set; } = true;

    /// <summary>The column type this element means; kind Unsupported when this library has none for it.</summary>
    public ColumnType ToColumnType()
    {
        var physical = (PhysicalType)PhysicalType;
        var kind = physical switch
        {
            Schema.PhysicalType.Boolean => ColumnKind.Boolean,
            Schema.PhysicalType.Int32 => Int32Kind(),
            Schema.PhysicalType.Int64 => Int64Kind(),
            Schema.PhysicalType.Float => ColumnKind.Float,
            Schema.PhysicalType.Double => ColumnKind.Double,
            Schema.PhysicalType.ByteArray => BytesKind(),
            Schema.PhysicalType.FixedLenByteArray when IsDecimal => ColumnKind.Decimal,
            _ => ColumnKind.Unsupported,
        };
        if (kind != ColumnKind.Decimal) return new ColumnType(kind, physical, TypeLength);
        var sound = Precision is >= 1 and <= ColumnType.MaxDecimalPrecision && Scale >= 0 && Scale <= Precision;
        return new ColumnType(sound ? kind : ColumnKind.Unsupported, physical, TypeLength, Precision, Scale);
    }

    private bool IsDecimal => LogicalType == LogicalTypeId.Decimal || ConvertedType == ConvertedTypeId.Decimal;

    private ColumnKind Int32Kind()
    {
        if (IsDecimal) return ColumnKind.Decimal;
        if (LogicalType == LogicalTypeId.Date || ConvertedType == ConvertedTypeId.Date) return ColumnKind.Date;
        if (LogicalType == LogicalTypeId.Time) return ColumnKind.Unsupported;
        if (LogicalType == LogicalTypeId.Integer)
            return IntegerSigned || IntegerWidth < 32 ? ColumnKind.Int32 : ColumnKind.Unsupported;
        return ConvertedType is -1 or ConvertedTypeId.UInt8 or ConvertedTypeId.UInt16
            or ConvertedTypeId.Int8 or ConvertedTypeId.Int16 or ConvertedTypeId.Int32
            ? ColumnKind.Int32
            : ColumnKind.Unsupported;
    }

    private ColumnKind Int64Kind()
    {
        if (IsDecimal) return ColumnKind.Decimal;
        if (LogicalType == LogicalTypeId.Timestamp)
        {
            return TimeUnit switch
            {
                1 => ColumnKind.TimestampMs,
                2 => ColumnKind.TimestampUs,
                _ => ColumnKind.Unsupported,
            };
        }

        if (LogicalType == LogicalTypeId.Integer && !IntegerSigned) return ColumnKind.Unsupported;
        return ConvertedType switch
        {
            ConvertedTypeId.TimestampMillis => ColumnKind.TimestampMs,
            ConvertedTypeId.TimestampMicros => ColumnKind.TimestampUs,
            -1 or ConvertedTypeId.Int64 => LogicalType is 0 or LogicalTypeId.Integer ? ColumnKind.Int64
                : ColumnKind.Unsupported,
            _ => ColumnKind.Unsupported,
        };
    }

    private ColumnKind BytesKind()
    {
        if (IsDecimal) return ColumnKind.Decimal;
        var text = LogicalType is LogicalTypeId.String or LogicalTypeId.Enum or LogicalTypeId.Json
            || ConvertedType is ConvertedTypeId.Utf8 or ConvertedTypeId.Enum or ConvertedTypeId.Json;
        return text ? ColumnKind.String : ColumnKind.Unsupported;
    }
}
