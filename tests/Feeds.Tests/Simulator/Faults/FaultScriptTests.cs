using Feeds.Core;
using Feeds.Simulator.Faults;
using Feeds.Simulator.Server;
using Xunit;

namespace Feeds.Tests.Simulator.Faults;

public sealed class FaultScriptTests
{
    [Fact]
    public void A_script_names_kind_time_length_target_and_share()
    {
        IReadOnlyList<Fault> faults = FaultScript.Parse("""
            { "faults": [
              // comments are allowed
              { "kind": "half-open", "at": 30, "for": 20, "route": "market" },
              { "kind": "lose", "at": 1.5, "for": null, "symbol": "BTCUSDT", "stream": "aggTrade", "share": 0.25,
                "perConnection": true },
              { "kind": "SlowAnswer", "delay": 2, "endpoint": "/fapi/v1/klines", "for": 5 },
              { "kind": "lose", "stream": "btcusdt@aggTrade", "fromId": 10, "toId": 20, "for": 9 },
              { "kind": "reorder", "within": 8, "connection": 3, "for": 9 },
            ] }
            """);
        Assert.Equal(
            new Fault
            {
                Kind = FaultKind.HalfOpen,
                At = TimeSpan.FromSeconds(30),
                Duration = TimeSpan.FromSeconds(20),
                Route = StreamRoute.Market,
            },
            faults[0]);
        Assert.Equal(
            new Fault
            {
                Kind = FaultKind.Lose,
                At = TimeSpan.FromSeconds(1.5),
                Duration = null,
                Symbol = "BTCUSDT",
                Stream = "aggTrade",
                Share = 0.25,
                PerConnection = true,
            },
            faults[1]);
        Assert.Equal(TimeSpan.FromSeconds(2), faults[2].Delay);
        Assert.Equal((10L, 20L), (faults[3].FromId, faults[3].ToId));
        Assert.Equal((8, 3), (faults[4].Within, faults[4].Connection));
    }

    [Theory]
    [InlineData("{", "not JSON")]
    [InlineData("7", "array")]
    [InlineData("""[{"kind":"explode"}]""", "kind must be one of")]
    [InlineData("""[{"kind":"lose","shar":0.5}]""", "unknown key shar")]
    [InlineData("""[{"kind":"lose","share":1.5}]""", "share = 1.5: must be 0 to 1")]
    [InlineData("""[{"kind":"lose","share":"x"}]""", "share")]
    [InlineData("""[{"kind":"lose","for":-1}]""", "must not be negative")]
    [InlineData("""[{"kind":"lose","route":"north"}]""", "route")]
    public void A_wrong_script_is_refused_with_the_place(string text, string part)
    {
        FeedsException error = Assert.Throws<FeedsException>(() => FaultScript.Parse(text));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }
}
