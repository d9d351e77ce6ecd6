using Feeds.Core.Market;
using Feeds.Engine.Health;
using Feeds.Simulator.Faults;
using Xunit;

namespace Feeds.Tests.Engine;

/// <summary>A node against a venue that misbehaves: what is lost is named, and nobody else pays for it.</summary>
public sealed class NodeFaultTests
{
    [Fact]
    public async Task A_dropped_connection_is_named_in_its_symbols_rows_and_no_others_and_heals()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync(
            ["BTCUSDT", "ETHUSDT"], node: static options => options with { MaxStreamsPerConnection = 1 });
        await fixture.UntilHealthyAsync();
        int rows = fixture.Rows.Count;
        fixture.Venue.Inject(new Fault { Kind = FaultKind.Reset, Symbol = "BTCUSDT", Stream = "depth" });
        await fixture.UntilAsync(() => Said(fixture, rows, "BTCUSDT", "depth:disconnected"), 10, "the loss in a row");
        await fixture.UntilAsync(
            () => fixture.Node.Status().Streams.All(static stream => stream.Connected), 5, "connected again");
        await fixture.RunAsync(3);
        CsvRow last = fixture.Rows.Last(static row => row.Symbol == "BTCUSDT");
        Assert.Empty(last.Errors);
        Assert.NotEmpty(last.Values[7]);
        fixture.AssertNoErrors(rows, static row => row.Symbol == "ETHUSDT");
        Gap gap = Assert.Single(fixture.Applied("BTCUSDT"), static e => e.Gap is { Reason: not Gap.Fetched }).Gap!;
        Assert.Equal((Feed.Depth, "disconnected"), (gap.Feed, gap.Reason));
        Assert.Equal(1, fixture.Node.Status().Streams.Sum(static stream => stream.Reconnects));
    }

    [Fact]
    public async Task A_storm_of_cut_and_refused_connections_stays_within_the_budgets_and_heals()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync(
            ["BTCUSDT", "ETHUSDT", "SOLUSDT"], node: static options => options with { MaxStreamsPerConnection = 2 });
        await fixture.UntilHealthyAsync();
        int before = Opened(fixture);
        fixture.Venue.Inject(new Fault { Kind = FaultKind.RefuseConnections, Duration = TimeSpan.FromSeconds(30) });
        fixture.Venue.Inject(new Fault { Kind = FaultKind.Reset });
        await fixture.RunAsync(30);
        Assert.Contains(fixture.Rows[^1].Errors, static error => error.StartsWith("depth:", StringComparison.Ordinal));
        await fixture.UntilAsync(
            () => fixture.Node.Status().Streams.All(static stream => stream.Connected), 70, "all connected");
        await fixture.RunAsync(15);
        Assert.All(fixture.Rows.TakeLast(3), static row => Assert.Empty(row.Errors));
        Assert.Equal(fixture.Node.Status().Streams.Count, Opened(fixture) - before);
        Assert.DoesNotContain(
            fixture.Venue.Ledger.Notes, static note => note.What.Contains("1008", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Garbage_on_one_stream_is_counted_and_touches_nothing_else()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync(["BTCUSDT", "ETHUSDT"]);
        await fixture.UntilHealthyAsync();
        int rows = fixture.Rows.Count;
        fixture.Venue.Inject(
            new Fault
            {
                Kind = FaultKind.Garble,
                Symbol = "BTCUSDT",
                Stream = "depth",
                Share = 0.5,
                Duration = TimeSpan.FromSeconds(10)
            });
        await fixture.RunAsync(12);
        Assert.All(fixture.Node.Status().Streams, static stream => Assert.Equal(0, stream.Reconnects));
        fixture.AssertNoErrors(rows, static row => row.Symbol == "ETHUSDT");
        Assert.All(fixture.Rows.Skip(rows), static row => Assert.NotEmpty(row.Values[7]));
        Assert.InRange(
            fixture.Applied("BTCUSDT").Count(static e => e.Kind == EventKind.Book),
            50,
            fixture.Applied("ETHUSDT").Count(static e => e.Kind == EventKind.Book) - 20);
    }

    [Fact]
    public async Task A_burst_of_429_stops_all_requests_until_the_exchange_says_so_and_is_named()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync(["BTCUSDT", "ETHUSDT"]);
        await fixture.UntilHealthyAsync();
        int rows = fixture.Rows.Count;
        fixture.Venue.Inject(new Fault
        {
            Kind = FaultKind.TooManyRequests,
            Duration = TimeSpan.FromSeconds(4),
            Delay = TimeSpan.FromSeconds(20),
        });
        await fixture.UntilAsync(() => fixture.Node.Status().Rest.HeldUntil is not null, 10, "a hold");
        long end = fixture.Node.Status().Rest.HeldUntil!.Value;
        await fixture.RunAsync(0.5);
        long sent = fixture.Node.Status().Rest.Requests;
        await fixture.RunAsync(((end - fixture.Now) / 1000.0) - 0.5);
        Assert.Equal(sent, fixture.Node.Status().Rest.Requests);
        Assert.Contains(fixture.Rows.Skip(rows), static row => row.Errors.Contains("oi:http_429"));
        Assert.All(fixture.Rows.Skip(rows), static row => Assert.NotEmpty(row.Values[7]));
        await fixture.UntilAsync(
            () => fixture.Rows.TakeLast(2).All(static row => row.Errors.Length == 0), 60, "rows without errors");
        Assert.DoesNotContain(
            fixture.Venue.Ledger.Notes, static note => note.What.Contains("ban", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_settling_symbol_is_inactive_and_the_node_is_well()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync(
            ["BTCUSDT", "SRMUSDT"],
            static venue => venue with { Symbols = ["BTCUSDT", "SRMUSDT"] });
        await fixture.UntilHealthyAsync();
        await fixture.RunAsync(20);
        NodeStatus status = fixture.Node.Status();
        Assert.Equal(SymbolHealth.Inactive, status.Symbols[1].Health);
        Assert.Equal(SymbolHealth.Ok, status.Symbols[0].Health);
        Assert.True(status.IsOk, string.Join("; ", status.Reasons));
        Assert.Contains(
            fixture.Rows, static row => row.Symbol == "SRMUSDT" && row.Errors.Contains("contract:settling"));
        Assert.All(status.Streams, static stream => Assert.Equal(0, stream.Reconnects));
    }

    [Fact]
    public async Task A_symbol_of_another_script_is_watched_like_any_other()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync(["BTCUSDT", "币安人生USDT"]);
        await fixture.UntilHealthyAsync();
        await fixture.RunAsync(3);
        CsvRow row = fixture.Rows.Last(static row => row.Symbol == "币安人生USDT");
        Assert.Empty(row.Errors);
        Assert.All(row.Values[..4], static value => Assert.NotEmpty(value));
        Assert.Contains(fixture.Applied("币安人生USDT"), static e => e.Kind == EventKind.Mark);
    }

    private static bool Said(NodeFixture fixture, int from, string symbol, string error) =>
        fixture.Rows.Skip(from).Any(row => row.Symbol == symbol && row.Errors.Contains(error));

    private static int Opened(NodeFixture fixture) =>
        fixture.Venue.Ledger.Notes.Count(static note => note.What.StartsWith("opened", StringComparison.Ordinal));
}
