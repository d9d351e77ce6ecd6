using System.Buffers;
using Feeds.Parquet.Compression;
using Feeds.Parquet.Format;
using Feeds.Parquet.Schema;

namespace Feeds.Parquet.Reading;

/// <summary>
/// Walks over the pages of a chunk. Small chunks are read at once, large ones a window at a time; memory is bounded by
/// the window and by one page, whatever the file claims.
/// </summary>
internal sealed class ChunkPages(ColumnAddress address) : IDisposable
{
    private const int WindowBytes = 4 << 20;
    private const int MinHeaderBytes = 1 << 16;

    private readonly long _end = address.Chunk.Start + address.Chunk.CompressedBytes;
    private byte[] _windowBytes = [];
    private ReadOnlyMemory<byte> _window;
    private long _windowStart;
    private byte[] _page = [];
    private long _body;

    /// <summary>Byte position of the page that was read last.</summary>
    public long PageOffset { get; private set; } = address.Chunk.Start;

    private long Next { get; set; } = address.Chunk.Start;

    /// <summary>Reads the next page's header; false at the end of the chunk.</summary>
    public bool TryReadHeader(out PageHeader header)
    {
        header = default;
        PageOffset = Next;
        if (Next >= _end) return false;
        header = ReadHeader(out var length);
        _body = Next + length;
        if (header.CompressedBytes < 0 || header.UncompressedBytes < 0)
            throw new DamagedDataException("a page without a size");
        if (header.CompressedBytes > _end - _body)
            throw new DamagedDataException("a page reaches past the end of its column");
        var limit = header.Type == PageType.Dictionary
            ? address.Limits.MaxDictionaryBytes
            : address.Limits.MaxPageBytes;
        if (header.CompressedBytes > limit || header.UncompressedBytes > limit)
            throw new DamagedDataException($"a page is larger than the limit of {limit} bytes");
        if (header.ValueCount > address.Limits.MaxPageRows)
            throw new DamagedDataException($"a page has more rows than the limit of {address.Limits.MaxPageRows}");
        Next = _body + header.CompressedBytes;
        return true;
    }

    /// <summary>Returns the decompressed bytes of the page whose header was read last; valid until the next
    /// page.</summary>
    public ReadOnlyMemory<byte> ReadBody(in PageHeader header)
    {
        var stored = Window(_body, header.CompressedBytes)[..header.CompressedBytes];
        if (header.HasCrc && (int)Crc32.Compute(stored.Span) != header.Crc)
            throw new DamagedDataException("a page does not match its checksum");
        var codec = (CompressionCodec)address.Chunk.Codec;
        var levels = 0;
        if (header.Type == PageType.DataV2)
        {
            levels = header.DefinitionBytes + header.RepetitionBytes;
            if (header.DefinitionBytes < 0 || header.RepetitionBytes < 0 || levels < 0
                || levels > header.CompressedBytes || levels > header.UncompressedBytes)
                throw new DamagedDataException("levels are longer than their page");
            if (!header.Compressed) codec = CompressionCodec.None;
        }

        if (codec == CompressionCodec.None)
        {
            if (header.CompressedBytes != header.UncompressedBytes)
                throw new DamagedDataException("a page of two lengths without compression");
            return stored;
        }

        if (_page.Length < header.UncompressedBytes)
        {
            Return(ref _page);
            _page = ArrayPool<byte>.Shared.Rent(header.UncompressedBytes);
        }

        var page = _page.AsMemory(0, header.UncompressedBytes);
        stored[..levels].CopyTo(page);
        // Pages v2 without any value may be stored as nothing at all.
        if (levels < stored.Length || levels < page.Length)
            PageCodec.Decompress(codec, stored[levels..], page[levels..]);
        return page;
    }

    public void Dispose()
    {
        Return(ref _windowBytes);
        Return(ref _page);
        _window = default;
    }

    private static void Return(ref byte[] array)
    {
        if (array.Length > 0) ArrayPool<byte>.Shared.Return(array);
        array = [];
    }

    // Headers have no length of their own: try with what is there, and with more when that was cut off.
    private PageHeader ReadHeader(out int length)
    {
        for (var bytes = MinHeaderBytes; ; bytes *= 16)
        {
            var window = Window(Next, (int)Math.Min(bytes, _end - Next));
            try
            {
                return PageMetadataReader.ReadPageHeader(window.Span, out length);
            }
            catch (DamagedDataException) when (Next + window.Length < _end && bytes < WindowBytes)
            {
                // Cut off by the window, perhaps: once more with a larger one.
            }
        }
    }

    // At least `count` bytes from `offset` on, which the caller has checked to lie inside of the chunk.
    private ReadOnlyMemory<byte> Window(long offset, int count)
    {
        if (offset < _windowStart || offset + count > _windowStart + _window.Length)
        {
            var size = (int)Math.Min(Math.Max(count, WindowBytes), _end - offset);
            if (address.Source.InMemory) size = (int)Math.Min(int.MaxValue, _end - offset);
            else if (_windowBytes.Length < size)
            {
                Return(ref _windowBytes);
                _windowBytes = ArrayPool<byte>.Shared.Rent(size);
            }

            _window = address.Source.Read(offset, size, _windowBytes);
            _windowStart = offset;
        }

        return _window[(int)(offset - _windowStart)..];
    }
}
