using Feeds.Simulator.Markets;

namespace Feeds.Simulator.Server;

/// <summary>Joins the minutes of a market's past into bars of any interval.</summary>
internal static class KlineBuilder
{
    /// <summary>
    /// Returns the bar that opens at a time, with what is known at <paramref name="now"/>; null when nothing is.
    /// </summary>
    public static MarketBar? Bar(ISymbolHistory history, KlineInterval interval, long open, long now)
    {
        MarketBar? bar = null;
        long end = Math.Min(interval.NextOf(open), now + 1);
        for (long minute = open / 60_000; minute * 60_000 < end; minute++)
        {
            if (history.Minute(minute, now) is { } one)
            {
                bar = bar is { } sum ? sum.With(one) : one with { OpenTime = open };
            }
        }

        return bar;
    }
}
