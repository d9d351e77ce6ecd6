using System.Globalization;
using Feeds.Simulator.Server;
using Xunit;

namespace Feeds.Tests.Simulator.Server;

public sealed class KlineIntervalTests
{
    [Theory]
    [InlineData("1m", "2026-11-21T10:17:33Z", "2026-11-21T10:17:00Z", "2026-11-21T10:18:00Z")]
    [InlineData("15m", "2026-11-21T10:17:33Z", "2026-11-21T10:15:00Z", "2026-11-21T10:30:00Z")]
    [InlineData("8h", "2026-11-21T10:17:33Z", "2026-11-21T08:00:00Z", "2026-11-21T16:00:00Z")]
    [InlineData("1d", "2026-11-21T10:17:33Z", "2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z")]
    [InlineData("1w", "2026-11-21T10:17:33Z", "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z")]
    [InlineData("1M", "2026-02-21T10:17:33Z", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z")]
    public void A_bar_opens_and_ends_where_the_venue_has_it(string name, string time, string open, string next)
    {
        KlineInterval interval = KlineInterval.Parse(name)!.Value;
        Assert.Equal(Ms(open), interval.OpenOf(Ms(time)));
        Assert.Equal(Ms(open), interval.OpenOf(Ms(open)));
        Assert.Equal(Ms(next), interval.NextOf(Ms(open)));
    }

    [Theory]
    [InlineData("1s")]
    [InlineData("1D")]
    [InlineData("")]
    public void Other_spellings_are_refused(string name) => Assert.Null(KlineInterval.Parse(name));

    private static long Ms(string time) =>
        DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
}
