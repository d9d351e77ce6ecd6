using Feeds.Core.Numerics;

namespace Feeds.Core.Windows;

/// <summary>
/// Sums over event time in one-second buckets <c>(k−1 s, k s]</c>. A sum is taken afresh over its buckets, oldest
/// first, so it neither drifts nor depends on the order in which events of different seconds arrived.
/// </summary>
public sealed class SecondWindow : ISavedState
{
    private readonly long[] _second;
    private readonly double[] _sum;

    /// <summary>
    /// Makes a window that can be asked for up to <paramref name="seconds"/> and takes events that much more out of
    /// order.
    /// </summary>
    /// <param name="seconds">The longest sum in seconds.</param>
    /// <param name="slackSeconds">How late or early an event may be and still be kept.</param>
    public SecondWindow(int seconds, int slackSeconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(seconds);
        ArgumentOutOfRangeException.ThrowIfNegative(slackSeconds);
        int size = seconds + (2 * slackSeconds) + 1;
        _second = new long[size];
        _sum = new double[size];
        Array.Fill(_second, long.MinValue);
    }

    /// <summary>Returns the bucket of an event time (epoch ms): the second at whose end it closes.</summary>
    public static long SecondOf(long eventTime) => (eventTime + 999) / 1000;

    /// <summary>
    /// Adds a value at an event time, epoch ms. False when its bucket has left the ring: it is older than can be kept.
    /// </summary>
    public bool Add(long eventTime, double value)
    {
        long second = SecondOf(eventTime);
        int slot = (int)(second % _second.Length);
        if (_second[slot] > second)
        {
            return false;
        }

        if (_second[slot] < second)
        {
            _second[slot] = second;
            _sum[slot] = 0;
        }

        _sum[slot] += value;
        return true;
    }

    /// <summary>
    /// Returns the sum over <c>(endTime − seconds, endTime]</c>; <paramref name="endTime"/> is a whole second, epoch
    /// ms.
    /// </summary>
    public double Sum(long endTime, int seconds)
    {
        long end = endTime / 1000;
        double sum = 0;
        for (long second = Math.Max(0, end - seconds + 1); second <= end; second++)
        {
            int slot = (int)(second % _second.Length);
            if (_second[slot] == second)
            {
                sum += _sum[slot];
            }
        }

        return sum;
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.WriteInt64s(_second);
        writer.WriteDoubles(_sum);
    }

    /// <inheritdoc/>
    public void Load(ref StateReader reader)
    {
        reader.ReadInt64s(_second);
        reader.ReadDoubles(_sum);
    }
}
