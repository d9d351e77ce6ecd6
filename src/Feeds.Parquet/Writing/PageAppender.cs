using Feeds.Parquet.Buffers;
using Feeds.Parquet.Compression;
using Feeds.Parquet.Encodings;
using Feeds.Parquet.Format;
using Feeds.Parquet.Schema;

namespace Feeds.Parquet.Writing;

/// <summary>Puts levels and encoded values together as a page, compresses it and appends it to a chunk.</summary>
internal sealed class PageAppender(ParquetWriterOptions options) : IDisposable
{
    private readonly ByteBuffer _compressed = new(1 << 16);
    private readonly ByteBuffer _header = new(64);
    private readonly PageCompressor _compressor = new();
    private int _levels;

    /// <summary>The page's bytes before compression: levels, then values.</summary>
    public ByteBuffer Page { get; } = new(1 << 16);

    /// <summary>Begins a data page with its definition levels. An empty <paramref name="valid"/> means that none is
    /// missing.</summary>
    public void BeginPage(bool nullable, int rows, ReadOnlySpan<bool> valid)
    {
        Page.Clear();
        if (nullable)
        {
            var v1 = options.PageVersion == 1;
            if (v1) Page.WriteInt32(0);
            if (valid.IsEmpty) LevelEncoder.EncodeAllThere(rows, Page);
            else LevelEncoder.Encode(valid, Page);
            if (v1) Page.PatchInt32(0, Page.Count - sizeof(int));
        }

        _levels = Page.Count;
    }

    public void EndPage(
        EncodedChunk chunk, ParquetEncoding encoding, CompressionCodec codec, int rows, int nulls, long firstRow)
    {
        var start = chunk.Bytes.Count;
        var header = new PageHeader
        {
            Type = options.PageVersion == 1 ? PageType.Data : PageType.DataV2,
            Encoding = encoding,
            ValueCount = rows,
            NullCount = nulls,
            RowCount = rows,
            UncompressedBytes = Page.Count,
        };
        var stream = encoding == ParquetEncoding.ByteStreamSplit ? rows - nulls : 0;
        if (header.Type == PageType.Data)
        {
            Append(chunk, header, codec, 0, stream);
        }
        else
        {
            header.DefinitionBytes = _levels;
            header.Compressed = codec != CompressionCodec.None;
            Append(chunk, header, codec, _levels, stream);
        }

        if (chunk.Metadata.DataPageOffset < 0) chunk.Metadata.DataPageOffset = start;
        chunk.Pages.Add(new PageLocation(start, chunk.Bytes.Count - start, firstRow));
    }

    public void EndDictionary(EncodedChunk chunk, CompressionCodec codec, int count)
    {
        chunk.Metadata.DictionaryPageOffset = chunk.Bytes.Count;
        var header = new PageHeader
        {
            Type = PageType.Dictionary,
            Encoding = ParquetEncoding.Plain,
            ValueCount = count,
            UncompressedBytes = Page.Count,
        };
        Append(chunk, header, codec, 0, 0);
    }

    public void Dispose()
    {
        _compressed.Dispose();
        _header.Dispose();
        Page.Dispose();
    }

    // The first bytes of a page v2, its levels, stay as they are.
    private void Append(EncodedChunk chunk, PageHeader header, CompressionCodec codec, int levels, int stream)
    {
        var stored = Page.Written;
        if (codec != CompressionCodec.None)
        {
            _compressed.Clear();
            _compressed.Write(Page.Written[..levels]);
            _compressor.Compress(codec, Page.Written[levels..], stream, _compressed);
            stored = _compressed.Written;
        }

        header.CompressedBytes = stored.Length;
        header.HasCrc = options.Checksums;
        if (header.HasCrc) header.Crc = (int)Crc32.Compute(stored);
        _header.Clear();
        MetadataWriter.WritePageHeader(_header, header);
        chunk.Bytes.Write(_header.Written);
        chunk.Bytes.Write(stored);
        chunk.Metadata.UncompressedBytes += _header.Count + header.UncompressedBytes;
    }
}
