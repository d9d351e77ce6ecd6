namespace Feeds.Binance.Rest;

/// <summary>A period of bars or statistics that the exchange serves, with its name there.</summary>
public sealed record Period
{
    private Period(string name, long lengthMs)
    {
        Name = name;
        LengthMs = lengthMs;
    }

    /// <summary>One minute.</summary>
    public static Period OneMinute { get; } = new("1m", 60_000);

    /// <summary>Five minutes, the shortest of the statistics.</summary>
    public static Period FiveMinutes { get; } = new("5m", 300_000);

    /// <summary>
    /// All periods of a fixed length, ascending. A month has none, and weeks do not start with the epoch.
    /// </summary>
    public static IReadOnlyList<Period> All { get; } =
    [
        OneMinute, new("3m", 180_000), FiveMinutes, new("15m", 900_000), new("30m", 1_800_000), new("1h", 3_600_000),
        new("2h", 7_200_000), new("4h", 14_400_000), new("6h", 21_600_000), new("8h", 28_800_000),
        new("12h", 43_200_000),
        new("1d", 86_400_000),
    ];

    /// <summary>The exchange's name, such as <c>5m</c>.</summary>
    public string Name { get; }

    /// <summary>Length in ms.</summary>
    public long LengthMs { get; }

    /// <summary>True when the exchange serves a period of this name.</summary>
    public static bool TryParse(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Period? period)
    {
        period = All.FirstOrDefault(known => known.Name == name);
        return period is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
