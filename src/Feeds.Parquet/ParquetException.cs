using System.Globalization;

namespace Feeds.Parquet;

/// <summary>
/// The one error of this library about a file: it is damaged, hostile, beyond a limit, or uses a part of the format
/// that this library does not speak. The message names file, column and offset where they are known.
/// </summary>
public sealed class ParquetException : IOException
{
    /// <summary>An error without a place.</summary>
    public ParquetException()
        : this("The Parquet file cannot be read.")
    {
    }

    /// <summary>An error without a place.</summary>
    public ParquetException(string message)
        : base(message)
    {
    }

    /// <summary>An error without a place, and what caused it.</summary>
    public ParquetException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>An error at a place. <paramref name="column"/> is null outside of columns; <paramref name="offset"/> is
    /// a byte position in the file, −1 when unknown.</summary>
    public ParquetException(string message, string file, string? column, long offset, Exception? innerException = null)
        : base(Describe(message, file, column, offset), innerException)
    {
        File = file;
        Column = column;
        Offset = offset;
    }

    /// <summary>The file's name as it was given; empty when unknown.</summary>
    public string File { get; } = "";

    /// <summary>The column's name; null when the error is not about one column.</summary>
    public string? Column { get; }

    /// <summary>Byte position in the file at or near which the error lies; −1 when unknown.</summary>
    public long Offset { get; } = -1;

    private static string Describe(string message, string file, string? column, long offset)
    {
        var place = file.Length == 0 ? "Parquet data" : file;
        if (column is not null) place += $", column '{column}'";
        if (offset >= 0) place += string.Create(CultureInfo.InvariantCulture, $", offset {offset}");
        return $"{place}: {message}";
    }
}
