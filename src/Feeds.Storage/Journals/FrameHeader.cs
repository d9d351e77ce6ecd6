using System.Buffers.Binary;

namespace Feeds.Storage.Journals;

/// <summary>The 64 bytes before the payload of a frame of an open segment.</summary>
/// <param name="PayloadLength">Bytes of the payload: the events, then the directory.</param>
/// <param name="EventsLength">Bytes of the events.</param>
/// <param name="EventCount">How many events, at least 1.</param>
/// <param name="SymbolCount">How many symbols the directory names.</param>
/// <param name="Number">The frame's number in its segment, the first being 0.</param>
/// <param name="FirstPosition">Position of the first event in the journal of the node.</param>
/// <param name="FlushTime">Epoch ms, our clock.</param>
/// <param name="SegmentPosition">
/// First position of the segment: a frame of another file is not taken for one of this.
/// </param>
internal readonly record struct FrameHeader(
    int PayloadLength,
    int EventsLength,
    int EventCount,
    int SymbolCount,
    int Number,
    long FirstPosition,
    long FlushTime,
    long SegmentPosition)
{
    public const int Length = 64;

    /// <summary>The most bytes of a payload; more is no frame, whatever the header says.</summary>
    public const int MaxPayloadLength = 128 << 20;

    /// <summary>What every frame begins with: a reader finds the next frame behind a damaged one by it.</summary>
    public static ReadOnlySpan<byte> Marker => [0xF7, 0x46, 0xC3, 0x52, 0x9A, 0x4D, 0xE1, 0x0B];

    /// <summary>Writes the header; the checksum covers all of it but itself, and the payload.</summary>
    public void Write(Span<byte> output, ReadOnlySpan<byte> payload)
    {
        output[..Length].Clear();
        Marker.CopyTo(output);
        BinaryPrimitives.WriteInt32LittleEndian(output[12..], PayloadLength);
        BinaryPrimitives.WriteInt32LittleEndian(output[16..], EventsLength);
        BinaryPrimitives.WriteInt32LittleEndian(output[20..], EventCount);
        BinaryPrimitives.WriteInt32LittleEndian(output[24..], SymbolCount);
        BinaryPrimitives.WriteInt32LittleEndian(output[28..], Number);
        BinaryPrimitives.WriteInt64LittleEndian(output[32..], FirstPosition);
        BinaryPrimitives.WriteInt64LittleEndian(output[40..], FlushTime);
        BinaryPrimitives.WriteInt64LittleEndian(output[48..], SegmentPosition);
        BinaryPrimitives.WriteUInt32LittleEndian(output[8..], Checksum.Of(output[..8], output[12..Length], payload));
    }

    /// <summary>
    /// True when the bytes begin as a frame does, with lengths that fit <paramref name="available"/> bytes, header
    /// included. The checksum is still to be compared.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, long available, out FrameHeader header)
    {
        header = default;
        if (bytes.Length < Length || !bytes.StartsWith(Marker))
        {
            return false;
        }

        header = new FrameHeader(
            BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[24..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[28..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[48..]));
        return header.PayloadLength is >= 0 and <= MaxPayloadLength
            && header.PayloadLength <= available - Length
            && header.EventsLength >= 0 && header.EventsLength <= header.PayloadLength
            && header.EventCount > 0 && header.SymbolCount is > 0 and <= ushort.MaxValue;
    }

    /// <summary>True when the checksum in the header's bytes is that of header and payload.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload) =>
        BinaryPrimitives.ReadUInt32LittleEndian(header[8..]) == Checksum.Of(header[..8], header[12..Length], payload);
}
