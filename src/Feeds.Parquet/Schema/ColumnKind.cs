namespace Feeds.Parquet.Schema;

/// <summary>What a column's values mean, and with which .NET type they are written and read.</summary>
public enum ColumnKind
{
    /// <summary>True or false; <see cref="bool"/>.</summary>
    Boolean,

    /// <summary>A signed 32-bit number; <see cref="int"/>.</summary>
    Int32,

    /// <summary>A signed 64-bit number; <see cref="long"/>.</summary>
    Int64,

    /// <summary>A 32-bit floating point number; <see cref="float"/>.</summary>
    Float,

    /// <summary>A 64-bit floating point number; <see cref="double"/>.</summary>
    Double,

    /// <summary>An exact decimal number with a fixed scale; <see cref="decimal"/>.</summary>
    Decimal,

    /// <summary>UTF-8 text; <see cref="string"/>.</summary>
    String,

    /// <summary>A point in time, UTC, in epoch milliseconds; <see cref="long"/>.</summary>
    TimestampMs,

    /// <summary>A point in time, UTC, in epoch microseconds; <see cref="long"/>.</summary>
    TimestampUs,

    /// <summary>A day, counted from 1970-01-01; <see cref="int"/>.</summary>
    Date,

    /// <summary>A type that this library does not read; the column is listed and refuses to be opened.</summary>
    Unsupported,
}
