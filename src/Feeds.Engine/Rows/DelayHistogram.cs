using System.Numerics;

namespace Feeds.Engine.Rows;

/// <summary>
/// How often delays of each length occurred, in buckets an eighth of a power of two wide: a quantile is at most 12.5 %
/// too high. One writer, any readers.
/// </summary>
public sealed class DelayHistogram
{
    private const int PartBits = 3;
    private const int Parts = 1 << PartBits;

    private readonly long[] _counts = new long[64 * Parts];
    private long _count;

    /// <summary>How many there were.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Returns the delay in ms that a share of all (0…1) did not exceed; NaN when there was none.</summary>
    public double QuantileMs(double share)
    {
        long left = (long)Math.Ceiling(share * Count);
        for (int i = 0; i < _counts.Length && Count > 0; i++)
        {
            left -= Volatile.Read(ref _counts[i]);
            if (left <= 0)
            {
                return EndOf(i) / 1000.0;
            }
        }

        return double.NaN;
    }

    /// <summary>
    /// Returns those that came after an earlier state of this histogram, itself made by this method; all there are for
    /// null.
    /// </summary>
    public DelayHistogram Since(DelayHistogram? earlier)
    {
        DelayHistogram later = new();
        for (int i = 0; i < _counts.Length; i++)
        {
            later._counts[i] = Volatile.Read(ref _counts[i]) - (earlier?._counts[i] ?? 0);
            later._count += later._counts[i];
        }

        return later;
    }

    internal void Add(TimeSpan delay)
    {
        int index = IndexOf((long)Math.Max(1, delay.TotalMicroseconds));
        Volatile.Write(ref _counts[index], _counts[index] + 1);
        Volatile.Write(ref _count, _count + 1);
    }

    private static int IndexOf(long microseconds)
    {
        int power = 63 - BitOperations.LeadingZeroCount((ulong)microseconds);
        int part = power <= PartBits
            ? (int)(microseconds << (PartBits - power)) : (int)(microseconds >> (power - PartBits));
        return (power * Parts) + (part & (Parts - 1));
    }

    private static double EndOf(int index) => (1L << (index / Parts)) * (1 + (((index % Parts) + 1.0) / Parts));
}
