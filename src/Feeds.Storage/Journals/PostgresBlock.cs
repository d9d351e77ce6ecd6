using System.IO.Compression;
using Feeds.Storage.Leases;

namespace Feeds.Storage.Journals;

/// <summary>Events of one symbol, or its saved state, as a row has them.</summary>
/// <param name="Lease">Under which it was made.</param>
/// <param name="FirstSequence">Sequence of the first event; of a state, the sequence that it stands at.</param>
/// <param name="Count">How many events; 0 for a state.</param>
/// <param name="FirstTime">Receive time of the first event; of a state, the last tick applied; epoch ms.</param>
/// <param name="LastTime">Receive time of the last event, epoch ms.</param>
/// <param name="RawLength">Bytes before compression.</param>
/// <param name="Content">Compressed.</param>
internal sealed record PostgresBlock(
    SymbolLease Lease,
    long FirstSequence,
    int Count,
    long FirstTime,
    long LastTime,
    int RawLength,
    byte[] Content)
{
    private const int OwnBytes = 200;

    /// <summary>What it counts in the bound of what waits, bytes: what it takes of the memory.</summary>
    public long Weight => Content.Length + OwnBytes;

    /// <summary>Compresses a content.</summary>
    public static byte[] Compress(ReadOnlySpan<byte> content)
    {
        byte[] room = new byte[BrotliEncoder.GetMaxCompressedLength(content.Length)];

        // Quality 1, as in the segments: the columns did most of the work before.
        return BrotliEncoder.TryCompress(content, room, out int length, quality: 1, window: 18)
            ? room[..length]
            : throw new InvalidOperationException(
                $"a block of {content.Length} bytes did not fit its own bound when compressed");
    }

    /// <summary>Returns the content of a row; null when it is damaged.</summary>
    public static byte[]? Decompress(byte[] content, int rawLength, long checksum)
    {
        if (Checksum.Of(content) != checksum || rawLength is < 0 or > BlockHeader.MaxRawLength)
        {
            return null;
        }

        byte[] raw = new byte[rawLength];
        return BrotliDecoder.TryDecompress(content, raw, out int written) && written == rawLength ? raw : null;
    }
}
