using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Feeds.Parquet.Buffers;
using Feeds.Parquet.Schema;

namespace Feeds.Parquet.Writing;

/// <summary>Takes missing values out of a column: what is left lies side by side, flags say where the holes
/// were.</summary>
internal sealed class MissingValues : IDisposable
{
    private PooledArray<bool> _flags;
    private PooledArray<byte> _dense;

    /// <summary>Returns the values that are there; <paramref name="flags"/> is empty when none is missing.</summary>
    public ReadOnlySpan<T> TakeOut<T>(
        ParquetColumn column, ReadOnlySpan<T> values, ReadOnlySpan<bool> valid, out ReadOnlySpan<bool> flags)
        where T : unmanaged
    {
        if (!valid.IsEmpty && valid.Length != values.Length)
            throw new ArgumentException($"Column '{column.Name}': {valid.Length} flags for {values.Length} values.");
        var given = valid.Contains(false);
        var nan = column.NanIsNull && HasNaN(values);
        flags = default;
        if (!given && !nan) return values;
        if (!column.Nullable)
            throw new ArgumentException(
                $"Column '{column.Name}' is not nullable, but row {valid.IndexOf(false)} is missing.");

        flags = nan ? MarkNaN(values, valid) : valid;
        var dense = MemoryMarshal.Cast<byte, T>(_dense.Take(checked(values.Length * Unsafe.SizeOf<T>())));
        var n = 0;
        for (var i = 0; i < values.Length; i++)
        {
            dense[n] = values[i];
            n += flags[i] ? 1 : 0;
        }

        return dense[..n];
    }

    public void Dispose()
    {
        _flags.Return();
        _dense.Return();
    }

    private static bool HasNaN<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        if (typeof(T) == typeof(double)) return AnyUnequal(MemoryMarshal.Cast<T, double>(values));
        return typeof(T) == typeof(float) && AnyUnequal(MemoryMarshal.Cast<T, float>(values));
    }

    // Only NaN differs from itself.
    private static bool AnyUnequal<T>(ReadOnlySpan<T> values)
        where T : unmanaged, INumber<T>
    {
        var vectors = MemoryMarshal.Cast<T, Vector<T>>(values);
        foreach (var v in vectors)
        {
            if (!Vector.EqualsAll(v, v)) return true;
        }

        foreach (var value in values[(vectors.Length * Vector<T>.Count)..])
        {
            if (T.IsNaN(value)) return true;
        }

        return false;
    }

    private Span<bool> MarkNaN<T>(ReadOnlySpan<T> values, ReadOnlySpan<bool> valid)
        where T : unmanaged
    {
        var flags = _flags.Take(values.Length);
        if (typeof(T) == typeof(double))
        {
            var doubles = MemoryMarshal.Cast<T, double>(values);
            for (var i = 0; i < flags.Length; i++) flags[i] = !double.IsNaN(doubles[i]);
        }
        else
        {
            var floats = MemoryMarshal.Cast<T, float>(values);
            for (var i = 0; i < flags.Length; i++) flags[i] = !float.IsNaN(floats[i]);
        }

        for (var i = 0; i < valid.Length; i++) flags[i] &= valid[i];
        return flags;
    }
}
