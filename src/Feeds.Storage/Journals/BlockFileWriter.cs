using System.IO.Compression;
using System.Text;
using Feeds.Core.Market;
using Feeds.Core.Numerics;
using Feeds.Storage.Files;

namespace Feeds.Storage.Journals;

/// <summary>
/// Writes a sealed segment or a snapshot: blocks, then their index, then a trailer that says where the index is. The
/// file has a temporary name until all of it is durable; so it is there whole or not at all.
/// </summary>
internal sealed class BlockFileWriter : IDisposable
{
    private readonly IFileSystem _files;
    private readonly JournalFolder _folder;
    private readonly SegmentName _name;
    private readonly string _temporary;
    private readonly IStoredFile _file;
    private readonly List<BlockEntry> _entries = [];
    private byte[] _buffer = new byte[1 << 16];
    private long _length = SegmentHeader.Length;
    private bool _finished;

    public BlockFileWriter(IFileSystem files, JournalFolder folder, SegmentName name, SegmentForm form)
    {
        _files = files;
        _folder = folder;
        _name = name;
        _temporary = folder.PathOf(name) + SegmentName.Temporary;
        files.Delete(_temporary);
        _file = files.Open(_temporary, FileMode.CreateNew);
        Span<byte> header = stackalloc byte[SegmentHeader.Length];
        new SegmentHeader(form, SegmentHeader.CurrentVersion, name.FirstPosition, name.CreatedTime).Write(header);
        _file.Write(header, 0);
    }

    /// <summary>Bytes written so far.</summary>
    public long Length => _length;

    /// <summary>Compresses and writes a block.</summary>
    public void Add(
        BlockKind kind, ushort version, Symbol symbol, long firstSequence, int count, long firstTime, long lastTime,
        ReadOnlySpan<byte> content)
    {
        int length = WriteBlock(kind, version, symbol.Text, firstSequence, count, firstTime, lastTime, content);
        _entries.Add(new BlockEntry(kind, _length - length, length, symbol, firstSequence, count, firstTime, lastTime));
    }

    /// <summary>Writes index and trailer and gives the file its name. Returns when all is durable.</summary>
    /// <param name="lastPosition">Position of the last event in the journal of the node that the file holds.</param>
    public void Finish(long lastPosition)
    {
        StateWriter index = new();
        BlockIndex.Write(_entries, lastPosition, index);
        long offset = _length;
        int length = WriteBlock(
            BlockKind.Index, BlockIndex.Version, string.Empty, 0, _entries.Count, 0, 0, index.Written);
        Span<byte> trailer = stackalloc byte[BlockIndex.TrailerLength];
        BlockIndex.WriteTrailer(offset, length, trailer);
        _file.Write(trailer, _length);
        Flush();
        _file.Dispose();
        _files.Move(_temporary, _folder.PathOf(_name));
        _finished = true;
        _files.FlushFolder(_folder.Folder);
    }

    /// <summary>Closes the file; one that was not finished is removed.</summary>
    public void Dispose()
    {
        _file.Dispose();
        if (_finished)
        {
            return;
        }

        try
        {
            _files.Delete(_temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next start of a writer removes it.
        }
    }

    private int WriteBlock(
        BlockKind kind, ushort version, string name, long firstSequence, int count, long firstTime, long lastTime,
        ReadOnlySpan<byte> content)
    {
        int nameLength = Encoding.UTF8.GetByteCount(name);
        int start = BlockHeader.Length + nameLength;
        int room = start + BrotliEncoder.GetMaxCompressedLength(content.Length);
        if (_buffer.Length < room)
        {
            _buffer = new byte[room];
        }

        Encoding.UTF8.GetBytes(name, _buffer.AsSpan(BlockHeader.Length));

        // Quality 1: three quarters of what quality 4 saves at a fifth of its time; the columns did most of the work
        // before.
        if (!BrotliEncoder.TryCompress(content, _buffer.AsSpan(start), out int compressed, quality: 1, window: 18))
        {
            throw new InvalidOperationException(
                $"a block of {content.Length} bytes did not fit its own bound when compressed");
        }

        BlockHeader header = new(
            kind, version, nameLength + compressed, content.Length, nameLength, firstSequence, count, firstTime,
            lastTime,
            _name.FirstPosition);
        header.Write(_buffer, _buffer.AsSpan(BlockHeader.Length, header.PayloadLength));
        int length = BlockHeader.Length + header.PayloadLength;
        _file.Write(_buffer.AsSpan(0, length), _length);
        _length += length;
        return length;
    }

    private void Flush()
    {
        try
        {
            _file.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageSuspectException(
                _temporary,
                $"{_temporary}: the disk did not confirm what was written ({e.Message}); the process must end", e);
        }
    }
}
