using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Feeds.Storage.Journals;

/// <summary>CRC32C (Castagnoli), as in iSCSI and ext4: starts at all ones, ends inverted.</summary>
internal static class Checksum
{
    /// <summary>Returns the checksum of the bytes one after the other.</summary>
    public static uint Of(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third = default) =>
        ~Add(Add(Add(uint.MaxValue, first), second), third);

    /// <summary>Returns the checksum of the bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => ~Add(uint.MaxValue, bytes);

    private static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words)
        {
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        }

        foreach (byte b in bytes[(words.Length * 8)..])
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return crc;
    }
}
