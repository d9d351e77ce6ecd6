using Feeds.Core.Market;
using Feeds.Engine;
using Feeds.Simulator.Faults;
using Xunit;

namespace Feeds.Tests.Engine.Context;

/// <summary>What a whole node tells its symbols of the others.</summary>
public sealed class NodeContextTests
{
    private static readonly string[] Listed = ["BTCUSDT", "ETHUSDT", "DOGEUSDT", "1000SHIBUSDT", "SOLUSDT"];

    [Fact]
    public async Task Each_symbol_is_told_every_closed_minute_of_those_it_is_compared_with_once()
    {
        await using NodeFixture fixture = await StartAsync();
        await fixture.RunAsync(190);
        string[] ofDoge = ["1000SHIBUSDT", "BTCUSDT", "ETHUSDT"];
        Assert.Equal(
            ofDoge, ContextOf(fixture, "DOGEUSDT").Select(static e => e.Context!.Text).Distinct().Order(
                StringComparer.Ordinal));
        Assert.Equal(["BTCUSDT"], ContextOf(fixture, "ETHUSDT").Select(static e => e.Context!.Text).Distinct());
        foreach (string symbol in ofDoge)
        {
            // Started in the middle of a minute: that one is fetched, the next two come by stream.
            AssertWhole(ContextOf(fixture, "DOGEUSDT"), symbol, atLeast: 3);
        }
    }

    [Fact]
    public async Task Minutes_that_no_stream_brought_are_fetched_for_symbols_that_are_not_watched_too()
    {
        await using NodeFixture fixture = await StartAsync();
        await fixture.RunAsync(70);
        Fault muted = new()
        {
            Kind = FaultKind.Mute,
            Symbol = "BTCUSDT",
            Stream = "kline_1m",
            Duration = TimeSpan.FromSeconds(150)
        };
        using (fixture.Venue.Inject(muted))
        {
            await fixture.RunAsync(190);
        }

        AssertWhole(ContextOf(fixture, "ETHUSDT"), "BTCUSDT", atLeast: 4);
    }

    [Fact]
    public async Task A_symbol_that_is_added_later_is_told_the_minutes_before()
    {
        await using NodeFixture fixture = await StartAsync();
        await fixture.RunAsync(190);
        Assert.Equal(
            SymbolChange.Done, await fixture.Node.AddSymbolAsync(Symbol.Parse("SOLUSDT"), CancellationToken.None));
        await fixture.UntilAsync(
            () => fixture.Rows.Any(static row => row.Symbol == "SOLUSDT"), 10, "a row of the new symbol");
        AssertWhole(ContextOf(fixture, "SOLUSDT"), "BTCUSDT", atLeast: 3);
        AssertWhole(ContextOf(fixture, "SOLUSDT"), "ETHUSDT", atLeast: 3);
    }

    [Fact]
    public async Task Without_features_nothing_is_told_and_no_stream_is_taken_for_it()
    {
        await using NodeFixture fixture = await StartAsync(static options => options with { Features = false });
        await fixture.RunAsync(130);
        Assert.Empty(ContextOf(fixture, "DOGEUSDT"));
        Assert.DoesNotContain(
            fixture.Node.Parts.Streams.Groups.All.SelectMany(static group => group.Streams),
            static stream => stream.Symbol?.Text == "BTCUSDT");
    }

    private static Task<NodeFixture> StartAsync(Func<NodeOptions, NodeOptions>? change = null) =>
        NodeFixture.StartAsync(
        ["ETHUSDT", "DOGEUSDT"],
        static venue => venue with { Symbols = Listed },
        options =>
        {
            NodeOptions used = options with
            {
                ReferenceSymbols = [Symbol.Parse("BTCUSDT"), Symbol.Parse("ETHUSDT")],
                Sectors = [[Symbol.Parse("DOGEUSDT"), Symbol.Parse("1000SHIBUSDT")]],
            };
            return change?.Invoke(used) ?? used;
        });

    private static IReadOnlyList<AppliedEvent> ContextOf(NodeFixture fixture, string symbol) =>
        [.. fixture.Applied(symbol).Where(static e => e.Kind == EventKind.ContextBar)];

    private static void AssertWhole(IReadOnlyList<AppliedEvent> context, string symbol, int atLeast)
    {
        long[] ends = [.. context.Where(e => e.Context!.Text == symbol).Select(static e => e.EventTime)];
        Assert.True(ends.Length >= atLeast, $"{ends.Length} minutes of {symbol}");
        Assert.Equal(Enumerable.Range(0, ends.Length).Select(i => ends[0] + (i * 60_000L)), ends);
    }
}
