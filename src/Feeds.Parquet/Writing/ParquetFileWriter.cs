using System.Runtime.ExceptionServices;
using Feeds.Parquet.Buffers;
using Feeds.Parquet.Format;
using Feeds.Parquet.Reading;
using Feeds.Parquet.Schema;

namespace Feeds.Parquet.Writing;

/// <summary>
/// Writes one Parquet file, row group by row group. Memory is bounded by one row group. The file appears under its name
/// when <see cref="Finish"/> returns, and not before; a writer disposed of earlier leaves nothing. One thread at a
/// time.
/// </summary>
public sealed class ParquetFileWriter : IDisposable
{
    private const string Creator = "Feeds.Parquet version 0.1.0 (build 1)";

    private static readonly byte[] Magic = "PAR1"u8.ToArray();

    private readonly AtomicFile? _file;
#pragma warning disable CA2213 // the file owns its stream, and a stream that was given stays the caller's
    private readonly Stream _stream;
#pragma warning restore CA2213
    private readonly FileMetadata _metadata = new() { CreatedBy = Creator };
    private readonly List<EncodedChunk> _indexed = [];
    private readonly ChunkEncoder[] _encoders;
    private RowGroupWriter? _open;
    private bool _finished;

    private ParquetFileWriter(AtomicFile? file, Stream stream, ParquetSchema schema, ParquetWriterOptions options)
    {
        _file = file;
        _stream = stream;
        Schema = schema;
        Options = options;
        _encoders = new ChunkEncoder[options.Threads];
        for (var i = 0; i < _encoders.Length; i++) _encoders[i] = new ChunkEncoder(options);
        Append(Magic);
    }

    /// <summary>The columns of the file.</summary>
    public ParquetSchema Schema { get; }

    /// <summary>Rows of all row groups begun so far.</summary>
    public long RowCount => _metadata.RowCount;

    /// <summary>Bytes written so far.</summary>
    public long Length { get; private set; }

    internal ParquetWriterOptions Options { get; }

    internal ChunkEncoder Encoder => _encoders[0];

    /// <summary>Begins a file at <paramref name="path"/>, whose folder must exist; an older file is replaced at the
    /// end.</summary>
    /// <exception cref="IOException">The folder is missing, or the same file is being written already.</exception>
    public static ParquetFileWriter Create(string path, ParquetSchema schema, ParquetWriterOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(schema);
        options ??= ParquetWriterOptions.Default;
        options.Validate();
        var file = new AtomicFile(path, options.Durable);
        return new ParquetFileWriter(file, file.Stream, schema, options);
    }

    /// <summary>Begins a file in a stream, which stays open and is written front to back.</summary>
    public static ParquetFileWriter Create(Stream stream, ParquetSchema schema, ParquetWriterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(schema);
        options ??= ParquetWriterOptions.Default;
        options.Validate();
        return new ParquetFileWriter(null, stream, schema, options);
    }

    /// <summary>Adds a key with its value to the footer; keys may repeat. Allowed until <see cref="Finish"/>.</summary>
    public void AddMetadata(string key, string value)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        _metadata.KeyValues.Add(new(key, value));
    }

    /// <summary>Begins a row group of <paramref name="rowCount"/> rows (1 or more); the one before must have all its
    /// columns.</summary>
    public RowGroupWriter BeginRowGroup(int rowCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rowCount, 1);
        RequireComplete();
        _open = new RowGroupWriter(this, rowCount);
        _metadata.RowCount += rowCount;
        return _open;
    }

    /// <summary>Writes a row group in one go, one entry per column of the schema, all of the same length (1 or more).
    /// With more than one thread in the options the columns are encoded side by side; the bytes are the same.</summary>
    public void WriteRowGroup(IReadOnlyList<ColumnValues> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Count != Schema.Count)
            throw new ArgumentException(
                $"{columns.Count} columns given, the schema has {Schema.Count}.", nameof(columns));
        var group = BeginRowGroup(columns[0].RowCount);
        for (var i = 0; i < columns.Count; i++)
        {
            var rows = columns[i].RowCount;
            if (rows != group.RowCount)
                throw new ArgumentException($"Column '{Schema[i].Name}' has {rows} rows, not {group.RowCount}.");
        }

        if (_encoders.Length == 1)
        {
            for (var i = 0; i < columns.Count; i++) group.Add(i, columns[i].Encode(Encoder, Schema[i]));
        }
        else
        {
            EncodeInParallel(columns, group);
        }
    }

    /// <summary>Adds a row group of another file as it is, nothing decoded; one without rows adds nothing. Its columns
    /// must be those of <see cref="Schema"/>: name, type and whether values may be missing.</summary>
    /// <exception cref="ParquetException">The other file is damaged.</exception>
    public void CopyRowGroup(ParquetRowGroup source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Schema.Count != Schema.Count)
            throw new ArgumentException(
                $"{source.Schema.Count} columns, this file has {Schema.Count}.", nameof(source));
        for (var i = 0; i < Schema.Count; i++)
        {
            ParquetColumn ours = Schema[i], theirs = source.Schema[i];
            if (ours.Name != theirs.Name || ours.Type != theirs.Type || ours.Nullable != theirs.Nullable)
                throw new ArgumentException($"Column {i} is not '{ours.Name}' of the same type.", nameof(source));
        }

        if (source.RowCount == 0) return;
        var group = BeginRowGroup(checked((int)source.RowCount));
        for (var i = 0; i < Schema.Count; i++) group.Add(i, source.Copy(i));
    }

    /// <summary>Writes the footer and gives the file its name. Afterwards the writer can only be disposed of.</summary>
    public void Finish()
    {
        RequireComplete();
        WriteIndexes();
        using var footer = new ByteBuffer(1 << 16);
        MetadataWriter.WriteFooter(footer, Schema, _metadata);
        footer.WriteInt32(footer.Count);
        footer.Write(Magic);
        Append(footer.Written);
        _finished = true;
        _stream.Flush();
        _file?.Commit();
    }

    /// <summary>Lets go of the file; what was not finished is deleted.</summary>
    public void Dispose()
    {
        foreach (var encoder in _encoders) encoder.Dispose();
        _file?.Dispose();
    }

    internal void Place(EncodedChunk chunk)
    {
        chunk.PlaceAt(Length);
        Append(chunk.Bytes.Written);
        chunk.Dispose();
        if (Options.PageIndex && chunk.Pages.Count > 1) _indexed.Add(chunk);
    }

    internal void Complete(RowGroupMetadata group) => _metadata.RowGroups.Add(group);

    private void EncodeInParallel(IReadOnlyList<ColumnValues> columns, RowGroupWriter group)
    {
        // A batch at a time, appended in order: memory stays bounded and the bytes do not depend on the threads.
        var batch = new EncodedChunk[Math.Min(columns.Count, _encoders.Length * 8)];
        for (var start = 0; start < columns.Count; start += batch.Length)
        {
            var count = Math.Min(batch.Length, columns.Count - start);
            var next = -1;
            try
            {
                Parallel.For(0, Math.Min(count, _encoders.Length), worker =>
                {
                    for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
                        batch[i] = columns[start + i].Encode(_encoders[worker], Schema[start + i]);
                });
            }
            catch (AggregateException e)
            {
                // The caller hears of the column that does not fit, as on one thread.
                ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
            }

            for (var i = 0; i < count; i++) group.Add(start + i, batch[i]);
        }
    }

    private void WriteIndexes()
    {
        using var buffer = new ByteBuffer(1 << 16);
        foreach (var chunk in _indexed)
        {
            if (chunk.ColumnIndex is null) continue;
            buffer.Clear();
            MetadataWriter.WriteColumnIndex(buffer, chunk.ColumnIndex);
            chunk.Metadata.ColumnIndexOffset = Length;
            chunk.Metadata.ColumnIndexLength = buffer.Count;
            Append(buffer.Written);
        }

        foreach (var chunk in _indexed)
        {
            buffer.Clear();
            MetadataWriter.WriteOffsetIndex(buffer, chunk.Pages);
            chunk.Metadata.OffsetIndexOffset = Length;
            chunk.Metadata.OffsetIndexLength = buffer.Count;
            Append(buffer.Written);
        }
    }

    private void RequireComplete()
    {
        if (_finished) throw new InvalidOperationException("The file is finished.");
        if (_open is { IsComplete: false } open)
            throw new InvalidOperationException(
                $"Column '{Schema[open.FirstMissing].Name}' of the last row group was not written.");
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        _stream.Write(bytes);
        Length += bytes.Length;
    }
}
