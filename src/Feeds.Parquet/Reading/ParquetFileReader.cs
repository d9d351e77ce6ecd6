using System.Buffers.Binary;
using Feeds.Parquet.Format;
using Feeds.Parquet.Schema;

namespace Feeds.Parquet.Reading;

/// <summary>
/// An open Parquet file with a flat schema. Opening reads the footer only. Whatever the bytes are, reading them either
/// works or throws a <see cref="ParquetException"/>. Row groups and columns may be read by several threads at once.
/// </summary>
public sealed class ParquetFileReader : IDisposable
{
    private const int TailBytes = 8;

    private ParquetFileReader(IByteSource source, ParquetLimits limits)
    {
        Source = source;
        Limits = limits;
        var footer = ReadFooter(out var footerStart);
        DataEnd = footerStart;
        HasOrder = footer.HasColumnOrders;
        Schema = ReadSchema(footer);
        RowCount = footer.RowCount;
        Metadata = footer.KeyValues;
        CreatedBy = footer.CreatedBy;
        RowGroups = ReadRowGroups(footer);
    }

    /// <summary>The columns, in the file's order.</summary>
    public ParquetSchema Schema { get; }

    /// <summary>Rows of the whole file, 0 or more.</summary>
    public long RowCount { get; }

    /// <summary>The row groups, in the file's order; empty when the file has no rows.</summary>
    public IReadOnlyList<ParquetRowGroup> RowGroups { get; }

    /// <summary>Keys and values of the footer, in the file's order; keys may repeat.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; }

    /// <summary>The program that wrote the file, in its own words; empty when the file does not say.</summary>
    public string CreatedBy { get; }

    internal IByteSource Source { get; }

    internal ParquetLimits Limits { get; }

    /// <summary>The first byte of the footer; all data lies before it.</summary>
    internal long DataEnd { get; }

    internal bool HasOrder { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="ParquetException">It is no Parquet file, is damaged, or is not flat.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static ParquetFileReader Open(string path, ParquetLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var source = new FileSource(path);
        try
        {
            return new ParquetFileReader(source, limits ?? ParquetLimits.Default);
        }
        catch (IOException)
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file that is in memory; <paramref name="name"/> stands in for its name in errors.</summary>
    /// <exception cref="ParquetException">It is no Parquet file, is damaged, or is not flat.</exception>
    public static ParquetFileReader Open(ReadOnlyMemory<byte> bytes, string name = "", ParquetLimits? limits = null) =>
        new(new MemorySource(bytes, name), limits ?? ParquetLimits.Default);

    /// <summary>Opens a file behind a stream that can seek and that stays open; <paramref name="name"/> stands in for
    /// its name in errors. Several threads may read, in turns.</summary>
    /// <exception cref="ParquetException">It is no Parquet file, is damaged, or is not flat.</exception>
    public static ParquetFileReader Open(Stream stream, string name = "", ParquetLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new ParquetFileReader(new StreamSource(stream, name), limits ?? ParquetLimits.Default);
    }

    /// <summary>The first value of a key in the footer; null when it is not there.</summary>
    public string? FindMetadata(string key)
    {
        foreach (var pair in Metadata)
        {
            if (string.Equals(pair.Key, key, StringComparison.Ordinal)) return pair.Value;
        }

        return null;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => Source.Dispose();

    private FileMetadata ReadFooter(out long start)
    {
        var length = Source.Length;
        if (length < TailBytes + 4) throw Fail("it is too short to be a Parquet file", 0);
        var tail = Source.Read(length - TailBytes, TailBytes, Source.InMemory ? default : new byte[TailBytes]).Span;
        if (tail[4..].SequenceEqual("PARE"u8)) throw Fail("it is encrypted", length - 4);
        if (!tail[4..].SequenceEqual("PAR1"u8)) throw Fail("it does not end like a Parquet file", length - 4);
        var size = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        if (size > length - TailBytes - 4)
            throw Fail($"a footer of {size} bytes is longer than the file", length - TailBytes);
        if (size > Limits.MaxFooterBytes) throw Fail($"a footer of {size} bytes is over the limit", length - TailBytes);
        start = length - TailBytes - size;
        var bytes = Source.Read(start, (int)size, Source.InMemory ? default : new byte[size]);
        try
        {
            var footer = MetadataReader.ReadFooter(bytes.Span, Limits);
            return footer.Encrypted ? throw Fail("it is encrypted", start) : footer;
        }
        catch (DamagedDataException e)
        {
            throw new ParquetException("its footer is damaged: " + e.Message, Source.Name, null, start, e);
        }
    }

    private ParquetSchema ReadSchema(FileMetadata footer)
    {
        var elements = footer.Schema;
        if (elements.Count == 0) throw Fail("its footer has no schema", DataEnd);
        var columns = new ParquetColumn[elements.Count - 1];
        for (var i = 0; i < columns.Length; i++)
        {
            var element = elements[i + 1];
            if (element.ChildCount != 0 || element.Repetition is not (SchemaElement.Required or SchemaElement.Optional))
                throw new ParquetException(
                    "it is nested; this library reads flat tables only", Source.Name, element.Name, DataEnd);
            columns[i] = new ParquetColumn(element.Name, element.ToColumnType())
            {
                Nullable = element.Repetition == SchemaElement.Optional,
            };
        }

        if (elements[0].ChildCount != columns.Length) throw Fail("its schema is not flat or is damaged", DataEnd);
        return new ParquetSchema(columns, false);
    }

    private ParquetRowGroup[] ReadRowGroups(FileMetadata footer)
    {
        var groups = new ParquetRowGroup[footer.RowGroups.Count];
        long rows = 0;
        for (var i = 0; i < groups.Length; i++)
        {
            var group = footer.RowGroups[i];
            if (group.Columns.Count != Schema.Count)
                throw Fail($"row group {i} has {group.Columns.Count} columns, the schema {Schema.Count}", DataEnd);
            if (group.RowCount < 0 || group.RowCount > Limits.MaxRowGroupRows)
                throw Fail($"row group {i} has {group.RowCount} rows, over the limit of {Limits.MaxRowGroupRows}",
                    DataEnd);
            rows += group.RowCount;
            groups[i] = new ParquetRowGroup(this, group, i);
        }

        if (rows != footer.RowCount)
            throw Fail($"its row groups have {rows} rows, its footer says {footer.RowCount}", DataEnd);
        return groups;
    }

    private ParquetException Fail(string message, long offset) => new(message, Source.Name, null, offset);
}
