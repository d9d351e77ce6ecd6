namespace Feeds.Simulator.Server;

/// <summary>A bar length that the venue knows.</summary>
/// <param name="Name">The venue's spelling, such as <c>15m</c>.</param>
/// <param name="LengthMs">Length in ms; 30 days for <c>1M</c>, whose bars follow the calendar.</param>
internal readonly record struct KlineInterval(string Name, long LengthMs)
{
    private const long MonthMs = 30 * 86_400_000L;

    private static readonly KlineInterval[] All =
    [
        new("1m", 60_000), new("3m", 180_000), new("5m", 300_000), new("15m", 900_000), new("30m", 1_800_000),
        new("1h", 3_600_000), new("2h", 7_200_000), new("4h", 14_400_000), new("6h", 21_600_000), new("8h", 28_800_000),
        new("12h", 43_200_000), new("1d", 86_400_000), new("3d", 259_200_000), new("1w", 604_800_000), new(
            "1M", MonthMs),
    ];

    /// <summary>Returns the interval of a name; null when the venue refuses it (<c>1s</c> among them).</summary>
    public static KlineInterval? Parse(string name)
    {
        foreach (KlineInterval interval in All)
        {
            if (string.Equals(interval.Name, name, StringComparison.Ordinal))
            {
                return interval;
            }
        }

        return null;
    }

    /// <summary>Returns the name of a length.</summary>
    public static string NameOf(long lengthMs) => Array.Find(All, interval => interval.LengthMs == lengthMs).Name;

    /// <summary>The start of the bar that holds a time. Weeks begin on Monday, months on their first day.</summary>
    public long OpenOf(long time)
    {
        if (LengthMs == MonthMs)
        {
            DateTimeOffset at = DateTimeOffset.FromUnixTimeMilliseconds(time);
            return new DateTimeOffset(at.Year, at.Month, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        }

        long shift = LengthMs == 604_800_000 ? 345_600_000 : 0; // the epoch was a Thursday
        return ((time - shift) / LengthMs * LengthMs) + shift;
    }

    /// <summary>The start of the bar after the one that begins at a time.</summary>
    public long NextOf(long open) => LengthMs == MonthMs
        ? DateTimeOffset.FromUnixTimeMilliseconds(open).AddMonths(1).ToUnixTimeMilliseconds()
        : open + LengthMs;
}
