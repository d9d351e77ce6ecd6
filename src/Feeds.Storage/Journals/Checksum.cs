using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Feeds.Storage.Journals;

/// <summary>CRC32C (Castagnoli), by the processor's instruction where it has one; the same value everywhere.</summary>
internal static class Checksum
{
    // The instruction takes three cycles and one can begin each cycle: three lanes of a long text are worked at side by
    // side.
    private const int LaneBytes = 2_048;

    private static readonly uint[] LaneShift = MakeLaneShift();

    /// <summary>Returns the checksum of the bytes one after the other.</summary>
    public static uint Of(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third = default) =>
        ~Add(Add(Add(uint.MaxValue, first), second), third);

    /// <summary>Returns the checksum of the bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => ~Add(uint.MaxValue, bytes);

    private static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (BitConverter.IsLittleEndian && bytes.Length >= 3 * LaneBytes)
        {
            crc = AddLanes(crc, MemoryMarshal.Cast<byte, ulong>(bytes[..(3 * LaneBytes)]));
            bytes = bytes[(3 * LaneBytes)..];
        }

        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words)
        {
            crc = BitOperations.Crc32C(
                crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        }

        foreach (byte b in bytes[(words.Length * 8)..])
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return crc;
    }

    // The checksum is linear: that of two texts is that of the first, with as many zeros after it as the second is
    // long, and that of the second begun at zero, added up.
    private static uint AddLanes(uint crc, ReadOnlySpan<ulong> words)
    {
        ReadOnlySpan<ulong> first = words[..(LaneBytes / 8)];
        ReadOnlySpan<ulong> second = words.Slice(LaneBytes / 8, LaneBytes / 8);
        ReadOnlySpan<ulong> third = words.Slice(2 * (LaneBytes / 8), LaneBytes / 8);
        uint a = crc;
        uint b = 0;
        uint c = 0;
        for (int i = 0; i < first.Length; i++)
        {
            a = BitOperations.Crc32C(a, first[i]);
            b = BitOperations.Crc32C(b, second[i]);
            c = BitOperations.Crc32C(c, third[i]);
        }

        return AfterZeros(AfterZeros(a) ^ b) ^ c;
    }

    // What a lane of zeros makes of a checksum.
    private static uint AfterZeros(uint crc) =>
        LaneShift[crc & 0xFF] ^ LaneShift[256 + ((crc >> 8) & 0xFF)] ^ LaneShift[512 + ((crc >> 16) & 0xFF)]
            ^ LaneShift[768 + (crc >> 24)];

    private static uint[] MakeLaneShift()
    {
        uint[] shift = new uint[4 * 256];
        for (int bit = 0; bit < 32; bit++)
        {
            uint crc = 1u << bit;
            for (int i = 0; i < LaneBytes / 8; i++)
            {
                crc = BitOperations.Crc32C(crc, 0UL);
            }

            for (int value = 0; value < 256; value++)
            {
                if ((value & (1 << (bit % 8))) != 0)
                {
                    shift[(256 * (bit / 8)) + value] ^= crc;
                }
            }
        }

        return shift;
    }
}
