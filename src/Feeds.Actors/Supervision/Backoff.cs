namespace Feeds.Actors.Supervision;

/// <summary>
/// How long to wait before a restart: rises by a factor with each failure in a row, spread by chance.
/// </summary>
/// <remarks>Every delay lies in [<see cref="Min"/>, <see cref="Max"/>].</remarks>
public sealed record Backoff
{
    /// <summary>One second to one minute, doubled each time, spread by a fifth.</summary>
    public static Backoff Default { get; } = new();

    /// <summary>The least delay; above zero.</summary>
    public TimeSpan Min { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The largest delay; at least <see cref="Min"/>, at most a day.</summary>
    public TimeSpan Max { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>What the delay is multiplied by after each failure in a row; at least 1.</summary>
    public double Factor { get; init; } = 2;

    /// <summary>
    /// The share that chance adds at most, 0…1; keeps actors that failed together from coming back together.
    /// </summary>
    public double Jitter { get; init; } = 0.2;

    /// <summary>Returns the delay before the restart that follows the n-th failure in a row.</summary>
    /// <param name="failures">Failures in a row, this one included; at least 1.</param>
    /// <param name="random">The chance; one draw each call.</param>
    public TimeSpan Delay(int failures, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(failures, 1);
        // The plain delay stops short of Max by the jitter's share, so that late delays are spread too.
        var grown = Min.Ticks * Math.Pow(Factor, failures - 1);
        var plain = Math.Max(Min.Ticks, Math.Min(grown, Max.Ticks / (1 + Jitter)));
        return new TimeSpan((long)Math.Min(plain * (1 + (Jitter * random.NextDouble())), Max.Ticks));
    }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Min, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(Max, Min);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Max, TimeSpan.FromDays(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(Factor, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(Jitter);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Jitter, 1);
    }
}
