namespace Feeds.Binance.Rest;

/// <summary>
/// Cuts a stretch of time into the windows that one call each may ask for. The exchange does not say whether a longer
/// window is answered from its start or its end, and a short page does not mean that there is no more; so a window
/// never holds more rows than a page, and every window is asked for.
/// </summary>
public static class AlignedWindows
{
    /// <summary>
    /// Returns windows <c>[Start, End)</c> of at most <paramref name="rows"/> periods, aligned to the period.
    /// </summary>
    /// <param name="startTime">First instant wanted, epoch ms, at least 0; rounded down to the period.</param>
    /// <param name="endTime">First instant not wanted, epoch ms.</param>
    /// <param name="periodMs">Length of a period in ms, above 0.</param>
    /// <param name="rows">Rows of a page, above 0.</param>
    public static IEnumerable<(long Start, long End)> Of(long startTime, long endTime, long periodMs, int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(startTime);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(periodMs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        return Cut(startTime / periodMs * periodMs, endTime, periodMs * rows);
    }

    private static IEnumerable<(long Start, long End)> Cut(long start, long end, long length)
    {
        for (; start < end; start += length)
        {
            yield return (start, Math.Min(start + length, end));
        }
    }
}
