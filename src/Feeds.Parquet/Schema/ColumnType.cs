namespace Feeds.Parquet.Schema;

/// <summary>A column's type: what its values mean and how they are stored.</summary>
public sealed record ColumnType
{
    internal const int MaxDecimalPrecision = 38;
    private const int MaxInt64Precision = 18;

    internal ColumnType(ColumnKind kind, PhysicalType physical, int length = 0, int precision = 0, int scale = 0)
    {
        Kind = kind;
        Physical = physical;
        Length = length;
        Precision = precision;
        Scale = scale;
    }

    /// <summary>True or false.</summary>
    public static ColumnType Boolean { get; } = new(ColumnKind.Boolean, PhysicalType.Boolean);

    /// <summary>A signed 32-bit number.</summary>
    public static ColumnType Int32 { get; } = new(ColumnKind.Int32, PhysicalType.Int32);

    /// <summary>A signed 64-bit number.</summary>
    public static ColumnType Int64 { get; } = new(ColumnKind.Int64, PhysicalType.Int64);

    /// <summary>A 32-bit floating point number.</summary>
    public static ColumnType Float { get; } = new(ColumnKind.Float, PhysicalType.Float);

    /// <summary>A 64-bit floating point number.</summary>
    public static ColumnType Double { get; } = new(ColumnKind.Double, PhysicalType.Double);

    /// <summary>UTF-8 text.</summary>
    public static ColumnType String { get; } = new(ColumnKind.String, PhysicalType.ByteArray);

    /// <summary>A point in time, UTC, in epoch milliseconds.</summary>
    public static ColumnType TimestampMs { get; } = new(ColumnKind.TimestampMs, PhysicalType.Int64);

    /// <summary>A point in time, UTC, in epoch microseconds.</summary>
    public static ColumnType TimestampUs { get; } = new(ColumnKind.TimestampUs, PhysicalType.Int64);

    /// <summary>A day, counted from 1970-01-01.</summary>
    public static ColumnType Date { get; } = new(ColumnKind.Date, PhysicalType.Int32);

    /// <summary>What the values mean.</summary>
    public ColumnKind Kind { get; }

    /// <summary>How the values are stored.</summary>
    public PhysicalType Physical { get; }

    /// <summary>Bytes per value of <see cref="PhysicalType.FixedLenByteArray"/>, 1 or more; else 0.</summary>
    public int Length { get; }

    /// <summary>Decimal digits of a decimal, 1 to 38; else 0.</summary>
    public int Precision { get; }

    /// <summary>Digits behind the point of a decimal, 0 to <see cref="Precision"/>; else 0.</summary>
    public int Scale { get; }

    /// <summary>
    /// A decimal of <paramref name="precision"/> digits (1 to 38), <paramref name="scale"/> of them behind the point.
    /// Up to 18 digits it is stored as a 64-bit number, beyond that (or when asked by <paramref name="asBytes"/>) as 16
    /// bytes.
    /// </summary>
    public static ColumnType Decimal(int precision, int scale, bool asBytes = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(precision, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(precision, MaxDecimalPrecision);
        ArgumentOutOfRangeException.ThrowIfNegative(scale);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scale, precision);
        return asBytes || precision > MaxInt64Precision
            ? new ColumnType(ColumnKind.Decimal, PhysicalType.FixedLenByteArray, 16, precision, scale)
            : new ColumnType(ColumnKind.Decimal, PhysicalType.Int64, 0, precision, scale);
    }

    /// <summary>The type as people write it, as in <c>Decimal(18, 8)</c>.</summary>
    public override string ToString() =>
        Kind == ColumnKind.Decimal ? $"Decimal({Precision}, {Scale})" : Kind.ToString();
}
