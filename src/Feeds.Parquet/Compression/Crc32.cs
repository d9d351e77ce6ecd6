using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Feeds.Parquet.Compression;

/// <summary>
/// The CRC-32 of GZIP and of Parquet's pages (polynomial 0x04C11DB7, reflected). Folds 64 bytes at a time by carry-less
/// multiplication where the processor has it, and goes by tables, eight bytes at a time, where it does not.
/// </summary>
internal static class Crc32
{
    private const int FoldBytes = 64;

    private static readonly uint[] Tables = MakeTables();

    public static uint Compute(ReadOnlySpan<byte> bytes) => ~Update(uint.MaxValue, bytes);

    /// <summary>Carries a register on, without the inversions at begin and end.</summary>
    public static uint Update(uint crc, ReadOnlySpan<byte> bytes)
    {
        if (Pclmulqdq.IsSupported && bytes.Length >= FoldBytes)
        {
            var whole = bytes.Length & ~15;
            crc = Fold(crc, bytes[..whole]);
            bytes = bytes[whole..];
        }

        return UpdateByTables(crc, bytes);
    }

    /// <summary>The portable form of <see cref="Update"/>.</summary>
    public static uint UpdateByTables(uint crc, ReadOnlySpan<byte> bytes)
    {
        var t = Tables;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = t[0x700 + (byte)low] ^ t[0x600 + (byte)(low >> 8)]
                ^ t[0x500 + (byte)(low >> 16)] ^ t[0x400 + (low >> 24)]
                ^ t[0x300 + (byte)high] ^ t[0x200 + (byte)(high >> 8)] ^ t[0x100 + (byte)(high >> 16)] ^ t[high >> 24];
        }

        foreach (var b in bytes) crc = t[(byte)(crc ^ b)] ^ (crc >> 8);
        return crc;
    }

    // Gopal and others, "Fast CRC computation for generic polynomials using PCLMULQDQ" (Intel, 2009); the constants are
    // x^n modulo the reflected polynomial for the distances folded over.
    private static uint Fold(uint crc, ReadOnlySpan<byte> bytes)
    {
        ref var at = ref MemoryMarshal.GetReference(bytes);
        var far = Vector128.Create(0x0154442bd4UL, 0x01c6e41596UL);
        var near = Vector128.Create(0x01751997d0UL, 0x00ccaa009eUL);
        var a = Vector128.LoadUnsafe(ref at).AsUInt64() ^ Vector128.CreateScalar(crc).AsUInt64();
        var b = Vector128.LoadUnsafe(ref at, 16).AsUInt64();
        var c = Vector128.LoadUnsafe(ref at, 32).AsUInt64();
        var d = Vector128.LoadUnsafe(ref at, 48).AsUInt64();
        nuint i = FoldBytes;
        for (; i + FoldBytes <= (nuint)bytes.Length; i += FoldBytes)
        {
            a = Step(a, far) ^ Vector128.LoadUnsafe(ref at, i).AsUInt64();
            b = Step(b, far) ^ Vector128.LoadUnsafe(ref at, i + 16).AsUInt64();
            c = Step(c, far) ^ Vector128.LoadUnsafe(ref at, i + 32).AsUInt64();
            d = Step(d, far) ^ Vector128.LoadUnsafe(ref at, i + 48).AsUInt64();
        }

        a = Step(a, near) ^ b;
        a = Step(a, near) ^ c;
        a = Step(a, near) ^ d;
        for (; i < (nuint)bytes.Length; i += 16) a = Step(a, near) ^ Vector128.LoadUnsafe(ref at, i).AsUInt64();
        return Reduce(a, near);
    }

    private static Vector128<ulong> Step(Vector128<ulong> value, Vector128<ulong> by) =>
        Pclmulqdq.CarrylessMultiply(value, by, 0x00) ^ Pclmulqdq.CarrylessMultiply(value, by, 0x11);

    // 128 bits to 64, then to 32 by Barrett's reduction.
    private static uint Reduce(Vector128<ulong> value, Vector128<ulong> near)
    {
        var mask = Vector128.Create(0xFFFFFFFFUL, 0xFFFFFFFFUL);
        value = Sse2.ShiftRightLogical128BitLane(value, 8) ^ Pclmulqdq.CarrylessMultiply(value, near, 0x10);
        var half = Vector128.Create(0x0163cd6124UL, 0UL);
        value = Sse2.ShiftRightLogical128BitLane(value, 4) ^ Pclmulqdq.CarrylessMultiply(value & mask, half, 0x00);
        var polynomial = Vector128.Create(0x01db710641UL, 0x01f7011641UL);
        var quotient = Pclmulqdq.CarrylessMultiply(value & mask, polynomial, 0x10);
        value ^= Pclmulqdq.CarrylessMultiply(quotient & mask, polynomial, 0x00);
        return value.AsUInt32().GetElement(1);
    }

    private static uint[] MakeTables()
    {
        var tables = new uint[8 * 256];
        for (uint i = 0; i < 256; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            tables[i] = crc;
        }

        for (var k = 1; k < 8; k++)
        {
            for (var i = 0; i < 256; i++)
            {
                var before = tables[((k - 1) * 256) + i];
                tables[(k * 256) + i] = tables[(byte)before] ^ (before >> 8);
            }
        }

        return tables;
    }
}
