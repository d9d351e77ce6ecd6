using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Feeds.Parquet.Encodings;

/// <summary>
/// Byte-stream split: the first bytes of all values, then all second bytes, and so on. Numbers that move slowly then
/// leave whole streams that hardly change, which any compressor likes.
/// </summary>
internal static class ByteStreamSplit
{
    /// <summary>Splits values of 4, 8 or 16 bytes; <paramref name="output"/> is exactly as long as the input.</summary>
    public static void Split(ReadOnlySpan<byte> input, int width, Span<byte> output)
    {
        var count = input.Length / width;
        var done = width == 8 && Vector512.IsHardwareAccelerated ? Split8(input, output, count) : 0;
        for (var k = 0; k < width; k++)
        {
            var stream = output.Slice(k * count, count);
            for (int i = done, at = (done * width) + k; i < count; i++, at += width) stream[i] = input[at];
        }
    }

    /// <summary>Joins what <see cref="Split"/> took apart: <paramref name="input"/> holds <paramref name="count"/>
    /// values in
    /// <paramref name="width"/> streams; the values from <paramref name="first"/> on fill the output.</summary>
    public static void Join(ReadOnlySpan<byte> input, int count, int width, int first, Span<byte> output)
    {
        var n = output.Length / width;
        var done = width == 8 && Vector512.IsHardwareAccelerated ? Join8(input, count, first, output, n) : 0;
        for (var k = 0; k < width; k++)
        {
            var stream = input.Slice((k * count) + first, n);
            for (int i = done, at = (done * width) + k; i < n; i++, at += width) output[at] = stream[i];
        }
    }

    // 64 values at a time: narrowing keeps the low half of every lane, shifting brings the high half down.
    private static int Split8(ReadOnlySpan<byte> input, Span<byte> output, int count)
    {
        ref var from = ref MemoryMarshal.GetReference(input);
        ref var to = ref MemoryMarshal.GetReference(output);
        var i = 0;
        for (; i + 64 <= count; i += 64)
        {
            ref var at = ref Unsafe.Add(ref from, (nint)i * 8);
            var (l0, h0) = Halves(ref at, 0);
            var (l1, h1) = Halves(ref at, 2);
            var (l2, h2) = Halves(ref at, 4);
            var (l3, h3) = Halves(ref at, 6);
            Store4(l0, l1, l2, l3, ref Unsafe.Add(ref to, i), count);
            Store4(h0, h1, h2, h3, ref Unsafe.Add(ref to, i + ((nint)4 * count)), count);
        }

        return i;
    }

    private static (Vector512<uint> Low, Vector512<uint> High) Halves(ref byte at, int vector)
    {
        var a = Vector512.LoadUnsafe(ref at, (nuint)(vector * 64)).AsUInt64();
        var b = Vector512.LoadUnsafe(ref at, (nuint)((vector + 1) * 64)).AsUInt64();
        return (Vector512.Narrow(a, b), Vector512.Narrow(a >>> 32, b >>> 32));
    }

    private static void Store4(
        Vector512<uint> a, Vector512<uint> b, Vector512<uint> c, Vector512<uint> d, ref byte to, nint count)
    {
        var low0 = Vector512.Narrow(a, b);
        var low1 = Vector512.Narrow(c, d);
        var high0 = Vector512.Narrow(a >>> 16, b >>> 16);
        var high1 = Vector512.Narrow(c >>> 16, d >>> 16);
        Vector512.Narrow(low0, low1).StoreUnsafe(ref to);
        Vector512.Narrow(low0 >>> 8, low1 >>> 8).StoreUnsafe(ref Unsafe.Add(ref to, count));
        Vector512.Narrow(high0, high1).StoreUnsafe(ref Unsafe.Add(ref to, 2 * count));
        Vector512.Narrow(high0 >>> 8, high1 >>> 8).StoreUnsafe(ref Unsafe.Add(ref to, 3 * count));
    }

    private static int Join8(ReadOnlySpan<byte> input, int count, int first, Span<byte> output, int n)
    {
        ref var from = ref Unsafe.Add(ref MemoryMarshal.GetReference(input), first);
        ref var to = ref MemoryMarshal.GetReference(output);
        var i = 0;
        for (; i + 64 <= n; i += 64)
        {
            ref var at = ref Unsafe.Add(ref from, i);
            var (a0, a1, a2, a3) = Load4(ref at, count);
            var (b0, b1, b2, b3) = Load4(ref Unsafe.Add(ref at, (nint)4 * count), count);
            ref var target = ref Unsafe.Add(ref to, (nint)i * 8);
            Store16(a0, b0, ref target);
            Store16(a1, b1, ref Unsafe.Add(ref target, 128));
            Store16(a2, b2, ref Unsafe.Add(ref target, 256));
            Store16(a3, b3, ref Unsafe.Add(ref target, 384));
        }

        return i;
    }

    // Four streams of 64 bytes become 64 numbers of 32 bits, in order.
    private static (Vector512<uint> First, Vector512<uint> Second, Vector512<uint> Third, Vector512<uint> Fourth) Load4(
        ref byte at, nint count)
    {
        var (p0, p1) = Vector512.Widen(Vector512.LoadUnsafe(ref at));
        var (q0, q1) = Vector512.Widen(Vector512.LoadUnsafe(ref Unsafe.Add(ref at, count)));
        var (r0, r1) = Vector512.Widen(Vector512.LoadUnsafe(ref Unsafe.Add(ref at, 2 * count)));
        var (s0, s1) = Vector512.Widen(Vector512.LoadUnsafe(ref Unsafe.Add(ref at, 3 * count)));
        var (low0, low1) = Vector512.Widen(p0 | (q0 << 8));
        var (low2, low3) = Vector512.Widen(p1 | (q1 << 8));
        var (high0, high1) = Vector512.Widen(r0 | (s0 << 8));
        var (high2, high3) = Vector512.Widen(r1 | (s1 << 8));
        return (low0 | (high0 << 16), low1 | (high1 << 16), low2 | (high2 << 16), low3 | (high3 << 16));
    }

    private static void Store16(Vector512<uint> low, Vector512<uint> high, ref byte to)
    {
        var (l0, l1) = Vector512.Widen(low);
        var (h0, h1) = Vector512.Widen(high);
        (l0 | (h0 << 32)).AsByte().StoreUnsafe(ref to);
        (l1 | (h1 << 32)).AsByte().StoreUnsafe(ref Unsafe.Add(ref to, 64));
    }
}
