using System.IO.Compression;
using System.Text;
using Feeds.Core.Market;
using Feeds.Core.Numerics;
using Feeds.Storage.Files;

namespace Feeds.Storage.Journals;

/// <summary>
/// Reads a sealed segment or a snapshot. Where trailer or index are damaged, the blocks are found by their markers; a
/// block that is damaged is told of and passed over, the others are read.
/// </summary>
internal sealed class BlockFile : IDisposable
{
    private const int ChunkBytes = 1 << 20;

    private readonly IStoredFile _file;
    private readonly string _path;
    private readonly long _filePosition;
    private readonly IStorageEvents _events;
    private byte[] _stored = new byte[1 << 16];
    private byte[] _raw = new byte[1 << 16];

    private BlockFile(IStoredFile file, string path, long filePosition, IStorageEvents events)
    {
        _file = file;
        _path = path;
        _filePosition = filePosition;
        _events = events;
    }

    /// <summary>The blocks, in the order of the file.</summary>
    public IReadOnlyList<BlockEntry> Entries { get; private set; } = [];

    /// <summary>Position of the last event in the journal of the node; 0 when the index is lost.</summary>
    public long LastPosition { get; private set; }

    /// <summary>False when header, trailer or index are damaged.</summary>
    public bool IsIndexWhole { get; private set; }

    /// <summary>Opens a file and reads its index.</summary>
    public static BlockFile Open(IFileSystem files, string path, SegmentName name, IStorageEvents events)
    {
        IStoredFile file = files.OpenRead(path);
        try
        {
            BlockFile blocks = new(file, path, name.FirstPosition, events);
            blocks.ReadIndex();
            return blocks;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// True when the block is whole and unharmed; its content is valid until the next one is read. Otherwise the damage
    /// was told.
    /// </summary>
    public bool TryRead(in BlockEntry entry, out BlockHeader header, out ReadOnlySpan<byte> content)
    {
        content = default;
        if (!TryReadWhole(entry.Offset, out header) || header.Kind != entry.Kind || header.Count != entry.Count
            || header.FirstSequence != entry.FirstSequence || BlockHeader.Length + header.PayloadLength != entry.Length
            || !TryDecompress(header, out content))
        {
            _events.Damaged(
                _path, entry.Offset, entry.Length,
                $"the block of {entry.Symbol} from sequence {entry.FirstSequence} with {entry.Count} events is "
                + "damaged");
            return false;
        }

        return true;
    }

    /// <summary>
    /// Reads header, all blocks, index and trailer; True when nothing is damaged, all bytes accounted for.
    /// </summary>
    public bool Verify()
    {
        bool whole = IsIndexWhole;
        long end = SegmentHeader.Length;
        foreach (BlockEntry entry in Entries)
        {
            whole &= entry.Offset == end && TryRead(entry, out _, out _);
            end = entry.Offset + entry.Length;
        }

        return whole;
    }

    public void Dispose() => _file.Dispose();

    private void ReadIndex()
    {
        Span<byte> head = stackalloc byte[SegmentHeader.Length];
        bool headWhole = ReadAt(head, 0) && SegmentHeader.TryRead(head, _path, out SegmentHeader header)
            && header.FirstPosition == _filePosition;
        Span<byte> trailer = stackalloc byte[BlockIndex.TrailerLength];
        long end = _file.Length - BlockIndex.TrailerLength;
        if (end >= SegmentHeader.Length && ReadAt(trailer, end)
            && BlockIndex.TryReadTrailer(trailer, out long offset, out int length) && offset + length == end
            && offset >= SegmentHeader.Length && TryReadWhole(offset, out BlockHeader index)
            && index.Kind == BlockKind.Index
            && TryDecompress(index, out ReadOnlySpan<byte> content) && TryReadEntries(content, offset))
        {
            IsIndexWhole = headWhole;
            if (!headWhole)
            {
                _events.Damaged(_path, 0, SegmentHeader.Length, "the header of the file is damaged");
            }

            return;
        }

        _events.Damaged(
            _path, Math.Max(0, end), BlockIndex.TrailerLength,
            "the index is damaged; the blocks are found by their markers");
        FindBlocks();
    }

    private bool TryReadEntries(ReadOnlySpan<byte> content, long end)
    {
        try
        {
            (LastPosition, Entries) = BlockIndex.Read(content);
            return Entries.All(entry => entry.Offset >= SegmentHeader.Length && entry.Length >= BlockHeader.Length
                && entry.Offset <= end - entry.Length);
        }
        catch (Exception e) when (e is StateFormatException or JournalFormatException)
        {
            return false;
        }
    }

    private void FindBlocks()
    {
        List<BlockEntry> entries = [];
        long offset = SegmentHeader.Length;
        while (offset < _file.Length)
        {
            if (TryReadWhole(offset, out BlockHeader header))
            {
                int length = BlockHeader.Length + header.PayloadLength;
                if (header.Kind != BlockKind.Index
                    && Symbol.TryParse(
                        Encoding.UTF8.GetString(_stored.AsSpan(0, header.NameLength)), out Symbol? symbol))
                {
                    entries.Add(new BlockEntry(
                        header.Kind, offset, length, symbol, header.FirstSequence, header.Count, header.FirstTime,
                        header.LastTime));
                }

                offset += length;
                continue;
            }

            long next = NextMarker(offset + 1);
            _events.Damaged(_path, offset, next - offset, "no whole block stands here");
            offset = next;
        }

        Entries = entries;
    }

    // The payload is then in _stored.
    private bool TryReadWhole(long offset, out BlockHeader header)
    {
        Span<byte> head = stackalloc byte[BlockHeader.Length];
        header = default;
        if (!ReadAt(head, offset) || !BlockHeader.TryRead(head, _file.Length - offset, out header)
            || header.FilePosition != _filePosition)
        {
            return false;
        }

        if (_stored.Length < header.PayloadLength)
        {
            _stored = new byte[header.PayloadLength];
        }

        Span<byte> payload = _stored.AsSpan(0, header.PayloadLength);
        return ReadAt(payload, offset + BlockHeader.Length) && BlockHeader.IsWhole(head, payload);
    }

    private bool TryDecompress(BlockHeader header, out ReadOnlySpan<byte> content)
    {
        content = default;
        if (_raw.Length < header.RawLength)
        {
            // Only after the checksum was found good, and never above the cap: foreign bytes cannot make us allocate
            // much.
            _raw = new byte[header.RawLength];
        }

        ReadOnlySpan<byte> compressed = _stored.AsSpan(header.NameLength, header.PayloadLength - header.NameLength);
        if (!BrotliDecoder.TryDecompress(compressed, _raw.AsSpan(0, header.RawLength), out int written)
            || written != header.RawLength)
        {
            return false;
        }

        content = _raw.AsSpan(0, written);
        return true;
    }

    private long NextMarker(long offset)
    {
        byte[] chunk = new byte[ChunkBytes];
        while (offset < _file.Length)
        {
            int read = _file.Read(chunk, offset);
            int found = chunk.AsSpan(0, read).IndexOf(BlockHeader.Marker);
            if (found >= 0)
            {
                return offset + found;
            }

            if (read < BlockHeader.Marker.Length)
            {
                break;
            }

            offset += read - BlockHeader.Marker.Length + 1;
        }

        return _file.Length;
    }

    private bool ReadAt(Span<byte> buffer, long offset)
    {
        int done = 0;
        while (done < buffer.Length)
        {
            int read = offset < 0 ? 0 : _file.Read(buffer[done..], offset + done);
            if (read == 0)
            {
                return false;
            }

            done += read;
        }

        return true;
    }
}
