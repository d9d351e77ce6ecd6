using System.Buffers.Binary;

namespace Feeds.Storage.Journals;

/// <summary>The 64 bytes before the payload of a block: the symbol's name, then the content, compressed.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Version">The version of the content's form.</param>
/// <param name="PayloadLength">Bytes of name and compressed content.</param>
/// <param name="RawLength">Bytes of the content before compression.</param>
/// <param name="NameLength">Bytes of the symbol's name.</param>
/// <param name="FirstSequence">See <see cref="BlockEntry"/>.</param>
/// <param name="Count">See <see cref="BlockEntry"/>.</param>
/// <param name="FirstTime">See <see cref="BlockEntry"/>.</param>
/// <param name="LastTime">See <see cref="BlockEntry"/>.</param>
/// <param name="FilePosition">First position of the file: a block of another file is not taken for one of this.</param>
internal readonly record struct BlockHeader(
    BlockKind Kind,
    ushort Version,
    int PayloadLength,
    int RawLength,
    int NameLength,
    long FirstSequence,
    int Count,
    long FirstTime,
    long LastTime,
    long FilePosition)
{
    public const int Length = 64;

    /// <summary>The most bytes of a block's content; more is no block, whatever the header says.</summary>
    public const int MaxRawLength = 64 << 20;

    /// <summary>What every block begins with.</summary>
    public static ReadOnlySpan<byte> Marker => [0xB7, 0x4C, 0xC3, 0x4B, 0x9A, 0x53, 0xE1, 0x0B];

    /// <summary>Writes the header; the checksum covers all of it but itself, and the payload.</summary>
    public void Write(Span<byte> output, ReadOnlySpan<byte> payload)
    {
        output[..Length].Clear();
        Marker.CopyTo(output);
        BinaryPrimitives.WriteInt32LittleEndian(output[12..], PayloadLength);
        BinaryPrimitives.WriteInt32LittleEndian(output[16..], RawLength);
        BinaryPrimitives.WriteUInt16LittleEndian(output[20..], (ushort)Kind);
        BinaryPrimitives.WriteUInt16LittleEndian(output[22..], Version);
        BinaryPrimitives.WriteInt64LittleEndian(output[24..], FirstSequence);
        BinaryPrimitives.WriteInt32LittleEndian(output[32..], Count);
        BinaryPrimitives.WriteInt32LittleEndian(output[36..], NameLength);
        BinaryPrimitives.WriteInt64LittleEndian(output[40..], FirstTime);
        BinaryPrimitives.WriteInt64LittleEndian(output[48..], LastTime);
        BinaryPrimitives.WriteInt64LittleEndian(output[56..], FilePosition);
        BinaryPrimitives.WriteUInt32LittleEndian(output[8..], Checksum.Of(output[..8], output[12..Length], payload));
    }

    /// <summary>
    /// True when the bytes begin as a block does, with lengths that fit <paramref name="available"/> bytes, header
    /// included.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, long available, out BlockHeader header)
    {
        header = default;
        if (bytes.Length < Length || !bytes.StartsWith(Marker))
        {
            return false;
        }

        header = new BlockHeader(
            (BlockKind)BinaryPrimitives.ReadUInt16LittleEndian(bytes[20..]),
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[22..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[36..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[48..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[56..]));
        return header.PayloadLength >= 0 && header.PayloadLength <= available - Length
            && header.RawLength is >= 0 and <= MaxRawLength
            && header.NameLength >= 0 && header.NameLength <= header.PayloadLength && header.Count >= 0;
    }

    /// <summary>True when the checksum in the header's bytes is that of header and payload.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload) =>
        BinaryPrimitives.ReadUInt32LittleEndian(header[8..]) == Checksum.Of(header[..8], header[12..Length], payload);
}
