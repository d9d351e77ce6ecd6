namespace Feeds.Parquet;

/// <summary>
/// Bytes that break the format, seen by code that knows neither file nor column. Never leaves the library: the reader
/// turns it into a <see cref="ParquetException"/> with the place.
/// </summary>
internal sealed class DamagedDataException(string message) : Exception(message)
{
}
