using System.Buffers.Binary;

namespace Feeds.Storage.Journals;

/// <summary>The first 64 bytes of every file of the journal.</summary>
/// <param name="Form">What the file is.</param>
/// <param name="Version">The version of the form; a reader refuses newer ones.</param>
/// <param name="FirstPosition">
/// Position of the file's first event in the journal of the node; a snapshot's: see there.
/// </param>
/// <param name="CreatedTime">Epoch ms, our clock.</param>
internal readonly record struct SegmentHeader(SegmentForm Form, ushort Version, long FirstPosition, long CreatedTime)
{
    public const int Length = 64;

    /// <summary>The version that is written.</summary>
    public const ushort CurrentVersion = 1;

    // The first byte is no text, the line ends show a transfer in text mode.
    private static ReadOnlySpan<byte> Magic => [0x89, (byte)'F', (byte)'D', (byte)'J', 0x0D, 0x0A, 0x1A, 0x0A];

    public void Write(Span<byte> output)
    {
        output[..Length].Clear();
        Magic.CopyTo(output);
        BinaryPrimitives.WriteUInt16LittleEndian(output[8..], (ushort)Form);
        BinaryPrimitives.WriteUInt16LittleEndian(output[10..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(output[12..], Length);
        BinaryPrimitives.WriteInt64LittleEndian(output[16..], FirstPosition);
        BinaryPrimitives.WriteInt64LittleEndian(output[24..], CreatedTime);
        BinaryPrimitives.WriteUInt32LittleEndian(output[60..], Checksum.Of(output[..60]));
    }

    /// <summary>True when the bytes are a header, whole and unharmed.</summary>
    /// <exception cref="JournalVersionException">It is one of a newer program.</exception>
    public static bool TryRead(ReadOnlySpan<byte> bytes, string path, out SegmentHeader header)
    {
        header = default;
        if (bytes.Length < Length || !bytes.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[60..]) != Checksum.Of(bytes[..60]))
        {
            return false;
        }

        header = new SegmentHeader(
            (SegmentForm)BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]));
        return header.Version <= CurrentVersion
            ? true
            : throw new JournalVersionException(
                $"{path} is of version {header.Version}, this program knows {CurrentVersion}: use a newer program");
    }
}
