using System.Globalization;
using Feeds.Core.Market;
using Feeds.Engine.Health;
using Feeds.Simulator.Faults;
using Xunit;

namespace Feeds.Tests.Engine;

/// <summary>Bans, blocks, clocks and listings, as a whole node lives through them.</summary>
public sealed class NodeExchangeTests
{
    [Fact]
    public async Task A_ban_stops_every_request_and_holds_over_a_restart()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync(["BTCUSDT"]);
        await fixture.UntilHealthyAsync();
        fixture.Venue.Inject(new Fault { Kind = FaultKind.Ban, Duration = TimeSpan.FromSeconds(90) });
        await fixture.UntilAsync(() => fixture.Node.Status().Rest.HeldUntil is not null, 10, "a hold");
        long end = fixture.Node.Status().Rest.HeldUntil!.Value;
        await fixture.UntilAsync(() => fixture.Rows[^1].Errors.Contains("oi:http_418"), 10, "the ban in a row");
        await fixture.RestartAsync();
        await fixture.RunAsync(5);
        Assert.Equal(end, fixture.Node.Status().Rest.HeldUntil);
        Assert.Equal(0, fixture.Node.Status().Rest.Requests);
        await fixture.RunAsync(((end - fixture.Now) / 1000.0) - 1);
        Assert.Equal(0, fixture.Node.Status().Rest.Requests);
        await fixture.UntilHealthyAsync();
        Assert.True(fixture.Node.Status().Rest.Requests > 0);
    }

    [Fact]
    public async Task A_block_at_the_handshake_holds_the_requests_too_and_one_sentence_says_so()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync(["BTCUSDT"]);
        await fixture.UntilHealthyAsync();
        using IDisposable block = fixture.Venue.Inject(new Fault { Kind = FaultKind.GeoBlock, Duration = null });
        fixture.Venue.Inject(new Fault { Kind = FaultKind.Reset, Route = Feeds.Simulator.Server.StreamRoute.Public });
        await fixture.UntilAsync(() => fixture.Node.Status().Rest.Blocked, 10, "blocked");
        Assert.Single(
            fixture.Node.Status().Reasons, static reason => reason.StartsWith("exchange: ", StringComparison.Ordinal));
        await fixture.RunAsync(2);
        long sent = fixture.Node.Status().Rest.Requests;
        int opened = Opened(fixture);
        await fixture.RunAsync(60);
        Assert.Equal(sent, fixture.Node.Status().Rest.Requests);
        Assert.Equal(opened, Opened(fixture));
        block.Dispose();
        await fixture.UntilAsync(() => !fixture.Node.Status().Rest.Blocked, 620, "not blocked any more");
        await fixture.UntilHealthyAsync();
    }

    [Fact]
    public async Task A_wrong_clock_is_named_and_latency_is_corrected_by_it()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync(
            ["BTCUSDT"], static venue => venue with { ClockOffset = TimeSpan.FromSeconds(3) });
        await fixture.UntilAsync(() => fixture.Node.Status().Rest.ClockOffsetMs is not null, 10, "measured");
        Assert.Equal(3_000, fixture.Node.Status().Rest.ClockOffsetMs!.Value, 1_000.0);
        await fixture.RunAsync(5);
        CsvRow row = fixture.Rows[^1];
        Assert.Contains("clock:skew", row.Errors);
        Assert.InRange(double.Parse(row.Values[8], CultureInfo.InvariantCulture), -500, 1_500);
    }

    [Fact]
    public async Task A_halted_symbol_is_inactive_until_it_trades_again()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync(["BTCUSDT", "YFIUSDT"]);
        await fixture.UntilHealthyAsync();
        int rows = fixture.Rows.Count;
        fixture.Venue.SetStatus("YFIUSDT", "TRADING_HALT");
        await fixture.UntilAsync(() => fixture.Node.Status().Symbols[1].Health == SymbolHealth.Inactive, 5, "inactive");
        await fixture.RunAsync(40);
        Assert.True(fixture.Node.Status().IsOk, string.Join("; ", fixture.Node.Status().Reasons));
        Assert.DoesNotContain(
            fixture.Applied("YFIUSDT"), static e => e is { Kind: EventKind.FeedDisconnected, Reason: "muted" });
        Assert.Contains(
            fixture.Rows.Skip(rows), static row => row.Symbol == "YFIUSDT"
                && row.Errors.Contains("contract:trading_halt"));
        fixture.AssertNoErrors(rows, static row => row.Symbol == "BTCUSDT");
        fixture.Venue.SetStatus("YFIUSDT", "TRADING");
        await fixture.UntilAsync(() => fixture.Node.Status().Symbols[1].Health == SymbolHealth.Ok, 40, "active again");
        await fixture.RunAsync(3);
        Assert.Empty(fixture.Rows.Last(static row => row.Symbol == "YFIUSDT").Errors);
    }

    private static int Opened(NodeFixture fixture) =>
        fixture.Venue.Ledger.Notes.Count(static note => note.What.StartsWith("opened", StringComparison.Ordinal));
}
