namespace Feeds.Parquet.Schema;

/// <summary>How the format stores a value; the numbers are those of the format.</summary>
public enum PhysicalType
{
    /// <summary>One bit.</summary>
    Boolean = 0,

    /// <summary>Four bytes, little-endian.</summary>
    Int32 = 1,

    /// <summary>Eight bytes, little-endian.</summary>
    Int64 = 2,

    /// <summary>Twelve bytes, a time stamp of old files; not read by this library.</summary>
    Int96 = 3,

    /// <summary>Four bytes, IEEE 754.</summary>
    Float = 4,

    /// <summary>Eight bytes, IEEE 754.</summary>
    Double = 5,

    /// <summary>Bytes with a length of their own.</summary>
    ByteArray = 6,

    /// <summary>Bytes of the same length in every value.</summary>
    FixedLenByteArray = 7,
}
