namespace Feeds.Parquet.Format;

/// <summary>Numbers of the format's older ConvertedType, written beside the logical type for older readers.</summary>
internal static class ConvertedTypeId
{
    public const int Utf8 = 0;
    public const int Enum = 4;
    public const int Decimal = 5;
    public const int Date = 6;
    public const int TimestampMillis = 9;
    public const int TimestampMicros = 10;
    public const int UInt8 = 11;
    public const int UInt16 = 12;
    public const int Int8 = 15;
    public const int Int16 = 16;
    public const int Int32 = 17;
    public const int Int64 = 18;
    public const int Json = 19;
}
