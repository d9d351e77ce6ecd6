using System.Buffers;
using System.Runtime.CompilerServices;

namespace Feeds.Parquet.Encodings;

/// <summary>Finds the distinct values of a column and gives each a code in order of first appearance. Compares bits, so
/// that both zeros and every NaN survive as they are.</summary>
internal sealed class DictionaryBuilder<T> : IDisposable
    where T : unmanaged
{
    private T[] _values = [];
    private int[] _slots = [];

    /// <summary>Distinct values so far.</summary>
    public int Count { get; private set; }

    public ReadOnlySpan<T> Values => _values.AsSpan(0, Count);

    /// <summary>Fills <paramref name="codes"/>; false as soon as more than <paramref name="limit"/> distinct values
    /// are seen.</summary>
    public bool TryBuild(ReadOnlySpan<T> values, int limit, Span<int> codes)
    {
        Count = 0;
        Prepare(Math.Min(limit, values.Length));
        var slots = _slots;
        var mask = slots.Length - 1;
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            // Neighbours are often equal.
            if (i > 0 && Same(value, values[i - 1]))
            {
                codes[i] = codes[i - 1];
                continue;
            }

            var slot = (int)(Hash(value) >> 32) & mask;
            while (true)
            {
                var code = slots[slot] - 1;
                if (code < 0)
                {
                    if (Count == limit) return false;
                    if (Count == _values.Length) GrowValues();
                    _values[Count++] = value;
                    slots[slot] = Count;
                    codes[i] = Count - 1;
                    break;
                }

                if (Same(_values[code], value))
                {
                    codes[i] = code;
                    break;
                }

                slot = (slot + 1) & mask;
            }
        }

        return true;
    }

    /// <summary>
    /// Distinct values per value, about. Of all values those are looked at whose hash falls into one of 32 classes: a
    /// value is then seen as often as it occurs or not at all, which a sample of rows could not do.
    /// </summary>
    public double EstimateDistinctShare(ReadOnlySpan<T> values)
    {
        var some = ArrayPool<T>.Shared.Rent(values.Length);
        var n = 0;
        foreach (var value in values)
        {
            some[n] = value;
            n += Hash(value) >> 59 == 0 ? 1 : 0;
        }

        var codes = ArrayPool<int>.Shared.Rent(Math.Max(1, n));
        TryBuild(some.AsSpan(0, n), int.MaxValue, codes);
        ArrayPool<int>.Shared.Return(codes);
        ArrayPool<T>.Shared.Return(some);
        return n == 0 ? 0 : (double)Count / n;
    }

    public void Dispose()
    {
        if (_values.Length > 0) ArrayPool<T>.Shared.Return(_values);
        _values = [];
        _slots = [];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Same(T a, T b)
    {
        if (Unsafe.SizeOf<T>() == 8) return Unsafe.BitCast<T, long>(a) == Unsafe.BitCast<T, long>(b);
        if (Unsafe.SizeOf<T>() == 4) return Unsafe.BitCast<T, int>(a) == Unsafe.BitCast<T, int>(b);
        return Unsafe.BitCast<T, Int128>(a) == Unsafe.BitCast<T, Int128>(b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Hash(T value)
    {
        const ulong Multiplier = 0x9E3779B97F4A7C15;
        if (Unsafe.SizeOf<T>() == 4) return (uint)Unsafe.BitCast<T, int>(value) * Multiplier;
        if (Unsafe.SizeOf<T>() == 16)
        {
            var wide = Unsafe.BitCast<T, UInt128>(value);
            return ((ulong)wide ^ ((ulong)(wide >> 64) * 0xC2B2AE3D27D4EB4F)) * Multiplier;
        }

        var bits = Unsafe.BitCast<T, ulong>(value);
        return (bits ^ (bits >> 32)) * Multiplier;
    }

    private void Prepare(int limit)
    {
        var size = 64;
        while (size < limit * 2L && size < 1 << 29) size <<= 1;
        // Not from the pool, which may hand out more than asked for: only powers of two serve as tables.
        if (_slots.Length != size) _slots = new int[size];
        else Array.Clear(_slots);
    }

    private void GrowValues()
    {
        var bigger = ArrayPool<T>.Shared.Rent(Math.Max(256, _values.Length * 2));
        _values.AsSpan(0, Count).CopyTo(bigger);
        if (_values.Length > 0) ArrayPool<T>.Shared.Return(_values);
        _values = bigger;
    }
}
