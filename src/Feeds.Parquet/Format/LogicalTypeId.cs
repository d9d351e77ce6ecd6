namespace Feeds.Parquet.Format;

/// <summary>Field numbers of the format's LogicalType union.</summary>
internal static class LogicalTypeId
{
    public const int String = 1;
    public const int Enum = 4;
    public const int Decimal = 5;
    public const int Date = 6;
    public const int Time = 7;
    public const int Timestamp = 8;
    public const int Integer = 10;
    public const int Json = 12;
}
