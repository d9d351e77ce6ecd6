using System.Numerics;
using System.Runtime.InteropServices;

namespace Feeds.Parquet.Encodings;

/// <summary>Smallest and largest value by the format's rules: NaN does not count, a zero at the edge counts as both
/// zeros.</summary>
internal static class ValueRange
{
    /// <summary>False when there is no value, or nothing but NaN.</summary>
    public static bool TryFind<T>(ReadOnlySpan<T> values, out T min, out T max)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        min = T.MaxValue;
        max = T.MinValue;
        if (typeof(T) == typeof(double))
        {
            min = T.CreateChecked(double.PositiveInfinity);
            max = T.CreateChecked(double.NegativeInfinity);
        }
        else if (typeof(T) == typeof(float))
        {
            min = T.CreateChecked(float.PositiveInfinity);
            max = T.CreateChecked(float.NegativeInfinity);
        }

        if (values.IsEmpty) return false;
        var at = Vector<T>.IsSupported ? FindWide(values, ref min, ref max) : 0;
        foreach (var value in values[at..])
        {
            // Comparisons with NaN are false, so NaN never gets in.
            if (value < min) min = value;
            if (value > max) max = value;
        }

        if (min > max) return false;
        if (T.IsZero(min)) min = NegativeZero<T>();
        if (T.IsZero(max)) max = T.Zero;
        return true;
    }

    private static int FindWide<T>(ReadOnlySpan<T> values, ref T min, ref T max)
        where T : unmanaged, INumber<T>
    {
        var vectors = MemoryMarshal.Cast<T, Vector<T>>(values);
        var low = new Vector<T>(min);
        var high = new Vector<T>(max);
        foreach (var v in vectors)
        {
            low = Vector.ConditionalSelect(Vector.LessThan(v, low), v, low);
            high = Vector.ConditionalSelect(Vector.GreaterThan(v, high), v, high);
        }

        for (var i = 0; i < Vector<T>.Count; i++)
        {
            if (low[i] < min) min = low[i];
            if (high[i] > max) max = high[i];
        }

        return vectors.Length * Vector<T>.Count;
    }

    private static T NegativeZero<T>()
        where T : INumber<T>
    {
        if (typeof(T) == typeof(double)) return (T)(object)-0.0;
        return typeof(T) == typeof(float) ? (T)(object)-0.0f : T.Zero;
    }
}
