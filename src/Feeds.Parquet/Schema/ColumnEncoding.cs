namespace Feeds.Parquet.Schema;

/// <summary>How a column's values are laid out before compression; the numbers are those of the format.</summary>
public enum ColumnEncoding
{
    /// <summary>Values one behind the other. Every type.</summary>
    Plain = 0,

    /// <summary>Run lengths and packed bits. Booleans.</summary>
    Rle = 3,

    /// <summary>Differences in packed bits. 32- and 64-bit numbers, times, dates, decimals stored as numbers.</summary>
    DeltaBinaryPacked = 5,

    /// <summary>Lengths as deltas, then all bytes. Text.</summary>
    DeltaLengthByteArray = 6,

    /// <summary>Shared prefix with the value before, then the rest. Text; read, not written.</summary>
    DeltaByteArray = 7,

    /// <summary>Distinct values once, then small numbers that point at them. Every type but booleans.</summary>
    Dictionary = 8,

    /// <summary>All first bytes, then all second bytes, and so on. Numbers and decimals, not text or
    /// booleans.</summary>
    ByteStreamSplit = 9,
}
