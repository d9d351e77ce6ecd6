using Feeds.Core.Market;
using Feeds.Engine.Health;
using Feeds.Engine.Streams;
using Feeds.Simulator.Faults;
using Feeds.Simulator.Server;
using Xunit;
using StreamKind = Feeds.Binance.Wire.StreamKind;

namespace Feeds.Tests.Engine;

/// <summary>Connections that are replaced, cut, muted: the venue's ledger against what the node applied.</summary>
public sealed class NodeStreamTests
{
    private static readonly string[] Symbols = ["BTCUSDT", "YFIUSDT", "LUMIAUSDT"];

    [Fact]
    public async Task Twenty_planned_rollovers_lose_nothing_and_double_nothing()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync(
            Symbols, node: static options => options with { MaxConnectionAge = TimeSpan.FromSeconds(12) });
        await fixture.UntilHealthyAsync();
        await fixture.UntilAsync(
            () => fixture.Node.Parts.Streams.Groups.All.Sum(static group => group.Rollovers) >= 20, 1_500,
            "20 rollovers");
        Assert.All(fixture.Node.Status().Streams, static stream => Assert.Equal(0, stream.Reconnects));
        long duplicates = fixture.Node.Status().Symbols.Sum(static symbol => symbol.Duplicates);
        Assert.True(duplicates > 0, "the overlap was seen");
        foreach (string symbol in Symbols)
        {
            await LedgerCheck.HoldsAsync(fixture, symbol);
        }

        fixture.AssertNoErrors(60, static _ => true);
    }

    [Fact]
    public async Task Twenty_dropped_connections_leave_only_declared_gaps()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync(Symbols);
        await fixture.UntilHealthyAsync();
        Random random = new(11);
        for (int i = 0; i < 10; i++)
        {
            fixture.Venue.Inject(new Fault { Kind = random.Next(2) == 0 ? FaultKind.Reset : FaultKind.Close });
            await fixture.RunAsync(2 + (random.NextDouble() * 8));
            await fixture.UntilAsync(
                () => fixture.Node.Status().Streams.All(static stream => stream.Connected), 70, "connected");
        }

        await fixture.RunAsync(30);
        Assert.Equal(20, fixture.Node.Status().Streams.Sum(static stream => stream.Reconnects));
        Assert.Contains(fixture.Applied("BTCUSDT"), static e => e.Kind == EventKind.Trade && !e.IsFromStream);
        foreach (string symbol in Symbols)
        {
            await LedgerCheck.HoldsAsync(fixture, symbol, gaps: true);
            Assert.All(
                fixture.Applied(symbol).Select(static e => e.Gap).OfType<Gap>(),
                static gap => Assert.NotEqual(Feed.Trades, gap.Feed));
        }
    }

    [Fact]
    public async Task A_muted_stream_is_found_in_time_asked_for_again_and_named_while_others_go_on()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync(Symbols);
        await fixture.UntilHealthyAsync();
        await fixture.RunAsync(40);
        int rows = fixture.Rows.Count;
        using IDisposable mute = fixture.Venue.Inject(
            new Fault { Kind = FaultKind.Mute, Symbol = "YFIUSDT", Stream = "markPrice", Duration = null });
        double taken = await fixture.UntilAsync(
            () => fixture.Applied("YFIUSDT").Any(
                static e => e is { Kind: EventKind.FeedDisconnected, Feed: Feed.Mark, Reason: "muted" }),
            9,
            "found muted");
        Assert.InRange(taken, 4, 9);
        await fixture.RunAsync(3);
        Assert.Equal(1, fixture.Group("market-1").Muted);
        Assert.Contains(
            fixture.Rows.Skip(rows), static row => row.Symbol == "YFIUSDT" && row.Errors.Contains("mark:muted"));
        mute.Dispose();
        await fixture.UntilAsync(() => fixture.Group("market-1").Muted == 0, 5, "speaks again");
        await fixture.RunAsync(3);
        Assert.Empty(fixture.Rows.Last(static row => row.Symbol == "YFIUSDT").Errors);
        fixture.AssertNoErrors(rows, static row => row.Symbol != "YFIUSDT");
        Assert.All(fixture.Node.Status().Streams, static stream => Assert.Equal(0, stream.Reconnects));
        await LedgerCheck.HoldsAsync(fixture, "YFIUSDT", gaps: true);
        await LedgerCheck.HoldsAsync(fixture, "BTCUSDT");
    }

    [Fact]
    public async Task A_muted_stream_comes_back_although_its_connection_is_replaced_while_it_is_asked_for()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync(Symbols);
        await fixture.UntilHealthyAsync();
        await fixture.RunAsync(20);
        using IDisposable mute = fixture.Venue.Inject(
            new Fault { Kind = FaultKind.Mute, Symbol = "YFIUSDT", Stream = "markPrice", Duration = null });
        StreamGroup group = fixture.Group("market-1");
        StreamWatch watch = group.Judge.Watches.Single(
            static watch => watch.Name is { Kind: StreamKind.Mark, Symbol.Text: "YFIUSDT" });
        await fixture.UntilAsync(() => watch.Attempts == 2, 30, "asked for twice");

        // With the third time, 20 s later, another connection is opened; the old one answers nothing any more, and ends
        // before it is called silent.
        int old = Newest(fixture, "Market");
        await fixture.RunAsync(18.5);
        using IDisposable half = fixture.Venue.Inject(
            new Fault { Kind = FaultKind.HalfOpen, Connection = old, Duration = null });
        await fixture.UntilAsync(() => watch.IsBeingAskedFor && Newest(fixture, "Market") != old, 3, "both are there");
        await fixture.RunAsync(0.5);
        mute.Dispose();
        fixture.Venue.Inject(new Fault { Kind = FaultKind.Reset, Connection = old });
        await fixture.UntilAsync(() => group.Rollovers == 1, 2, "replaced");
        await fixture.UntilAsync(() => group.Muted == 0, 5, "speaks again");
        await fixture.UntilHealthyAsync();
        Assert.All(fixture.Node.Status().Streams, static stream => Assert.Equal(0, stream.Reconnects));
        await LedgerCheck.HoldsAsync(fixture, "YFIUSDT", gaps: true);
    }

    [Fact]
    public async Task A_half_open_connection_is_found_and_replaced()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync(Symbols);
        await fixture.UntilHealthyAsync();
        await fixture.RunAsync(20);
        using IDisposable half = fixture.Venue.Inject(
            new Fault { Kind = FaultKind.HalfOpen, Connection = Newest(fixture, "Public"), Duration = null });
        await fixture.UntilAsync(() => !fixture.Group("public-1").IsOpen, 12, "found");
        await fixture.UntilAsync(() => fixture.Group("public-1").IsOpen, 12, "replaced");
        await fixture.RunAsync(3);
        Assert.Equal(
            "silent", fixture.Applied("BTCUSDT").First(static e => e.Kind == EventKind.FeedDisconnected).Reason);
        Assert.Empty(fixture.Rows[^1].Errors);
        await LedgerCheck.HoldsAsync(fixture, "BTCUSDT", gaps: true);
    }

    [Fact]
    public async Task No_stream_of_an_illiquid_symbol_is_called_dead()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync(["YFIUSDT", "LUMIAUSDT", "BLASTUSDT"]);
        await fixture.RunAsync(300);
        Assert.DoesNotContain(
            new[] { "YFIUSDT", "LUMIAUSDT", "BLASTUSDT" }.SelectMany(fixture.Applied),
            static e => e.Kind == EventKind.FeedDisconnected);
        Assert.All(fixture.Node.Status().Streams, static stream => Assert.Equal(0, stream.Reconnects));
    }

    [Fact]
    public async Task Lost_trades_are_fetched_and_those_that_cannot_be_had_are_declared()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync(["BTCUSDT", "ETHUSDT"]);
        await fixture.UntilHealthyAsync();
        fixture.Venue.Inject(new Fault
        {
            Kind = FaultKind.Lose,
            Symbol = "BTCUSDT",
            Stream = "aggTrade",
            Share = 0.2,
            Duration = TimeSpan.FromSeconds(20),
        });
        await fixture.RunAsync(60);
        Assert.Contains(fixture.Rows, static row => row.Symbol == "BTCUSDT" && row.Errors.Contains("trades:gap"));
        Assert.Contains(fixture.Applied("BTCUSDT"), static e => e.Kind == EventKind.Trade && !e.IsFromStream);
        Assert.DoesNotContain(fixture.Applied("ETHUSDT"), static e => e.Kind == EventKind.Trade && !e.IsFromStream);
        await LedgerCheck.HoldsAsync(fixture, "BTCUSDT");
        SymbolStatus status = fixture.Node.Status().Symbols[0];
        Assert.Equal(FeedState.Ok, status.Feeds.Single(static feed => feed.Feed == Feed.Trades).State);
    }

    [Fact]
    public async Task Trades_that_the_exchange_answers_nothing_about_are_asked_for_until_it_tells()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync(["BTCUSDT", "ETHUSDT"]);
        await fixture.UntilHealthyAsync();

        // Answers that are valid, and empty: blanks and a pair of brackets.
        fixture.Venue.Inject(new Fault
        {
            Kind = FaultKind.BombAnswer,
            Endpoint = "/fapi/v1/aggTrades",
            Bytes = 10_000,
            Duration = TimeSpan.FromSeconds(30),
        });
        fixture.Venue.Inject(new Fault
        {
            Kind = FaultKind.Lose,
            Symbol = "BTCUSDT",
            Stream = "aggTrade",
            Share = 0.5,
            Duration = TimeSpan.FromSeconds(3),
        });
        await fixture.RunAsync(28);
        Assert.NotEmpty(fixture.Node.Parts.Symbols.Entries[0].Gauges.MissingTrades);
        await fixture.UntilAsync(
            () => fixture.Node.Parts.Symbols.Entries[0].Gauges.MissingTrades.Count == 0, 75, "all trades are here");
        Assert.DoesNotContain(fixture.Applied("BTCUSDT"), static e => e.Gap is { Feed: Feed.Trades });
        await LedgerCheck.HoldsAsync(fixture, "BTCUSDT");
    }

    [Fact]
    public async Task A_connection_that_drips_loses_nothing_unsaid()
    {
        // Late frames of a stream that was given up meanwhile; requests that are answered late, or not at all.
        await using NodeFixture fixture = await NodeFixture.StartAsync(
            ["BTCUSDT", "YFIUSDT"], node: static options => options with { MaxStreamsPerConnection = 2 });
        await fixture.UntilHealthyAsync();
        await fixture.RunAsync(20);
        for (int i = 0; i < 2; i++)
        {
            fixture.Venue.Inject(new Fault
            {
                Kind = FaultKind.Drip,
                Route = StreamRoute.Market,
                Delay = TimeSpan.FromMilliseconds(8 + (5 * i)),
                Duration = TimeSpan.FromSeconds(16 + i),
            });
            await fixture.RunAsync(30);
        }

        await fixture.UntilHealthyAsync();
        Assert.Contains(
            fixture.Applied("YFIUSDT"), static e => e is { Kind: EventKind.FeedDisconnected, Feed: Feed.Mark });
        await LedgerCheck.HoldsAsync(fixture, "BTCUSDT", gaps: true);
        await LedgerCheck.HoldsAsync(fixture, "YFIUSDT", gaps: true);
    }

    private static int Newest(NodeFixture fixture, string route) => fixture.Venue.Ledger.Notes
        .Last(note => note.What.StartsWith($"opened {route}", StringComparison.Ordinal)).Connection;
}
