using Feeds.Binance.Streams;
using Feeds.Binance.Wire;
using Feeds.Core.Market;
using Feeds.Simulator.Faults;
using Feeds.Simulator.Ledgers;
using Feeds.Simulator.Markets;
using Xunit;

namespace Feeds.Tests.Engine;

/// <summary>
/// What a symbol is called, where its streams are delivered, and which instrument is behind its name.
/// </summary>
public sealed class NodeListingTests
{
    [Fact]
    public async Task A_symbol_that_is_listed_again_goes_on_with_its_new_numbers()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync(["BTCUSDT", "ETHUSDT"]);
        await fixture.UntilHealthyAsync();
        int rows = fixture.Rows.Count;
        fixture.Venue.SetStatus("BTCUSDT", "SETTLING");
        await fixture.RunAsync(5);
        fixture.Venue.Relist("BTCUSDT");
        await fixture.UntilAsync(
            () => fixture.Applied("BTCUSDT").Any(static e => e.Kind == EventKind.Trade && e.Id < 100), 20,
            "new numbers");
        await fixture.UntilHealthyAsync();
        await fixture.RunAsync(20);
        Gap gap = Assert.Single(fixture.Applied("BTCUSDT"), static e => e.Gap is { Feed: Feed.Trades }).Gap!;
        Assert.Equal(Gap.Relisted, gap.Reason);
        Assert.Contains(
            fixture.Rows.Skip(rows), static row => row.Symbol == "BTCUSDT" && row.Errors.Contains("contract:relisted"));
        fixture.AssertNoErrors(rows, static row => row.Symbol == "ETHUSDT");
        Assert.Empty(fixture.Rows.Last(static row => row.Symbol == "BTCUSDT").Errors);

        // Numbers that begin anew are no hole of millions: nothing of the past is asked for.
        Assert.True(fixture.Node.Status().Symbols[0].Feeds.Count > 0);
        Assert.Empty(fixture.Node.Parts.Symbols.Entries[0].Gauges.MissingTrades);
        AppliedEvent[] fresh = [.. fixture.Applied("BTCUSDT").SkipWhile(e => e.Gap != gap).Where(
            static e => e.Kind == EventKind.Trade)];
        Assert.Equal(fresh.Select(static e => e.Id).Order(), fresh.Select(static e => e.Id).Order().Distinct());
        TradePrint[] market = [.. fixture.Venue.Ledger.Trades("BTCUSDT").Where(
            trade => trade.Time >= fresh.Min(static e => e.EventTime))];
        Assert.Subset(market.Select(static trade => trade.Id).ToHashSet(), fresh.Select(static e => e.Id).ToHashSet());
    }

    [Fact]
    public async Task A_status_that_changed_while_its_stream_was_down_is_learned_when_it_is_back()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync(["BTCUSDT", "YFIUSDT"]);
        await fixture.UntilHealthyAsync();
        fixture.Venue.Inject(new Fault { Kind = FaultKind.RefuseConnections, Duration = TimeSpan.FromSeconds(4) });
        fixture.Venue.Inject(new Fault { Kind = FaultKind.Reset });
        await fixture.RunAsync(1);
        fixture.Venue.SetStatus("YFIUSDT", "SETTLING");
        await fixture.UntilAsync(
            () => fixture.Node.Status().Streams.All(static stream => stream.Connected), 70, "connected");
        await fixture.UntilAsync(
            () => fixture.Applied("YFIUSDT").Any(static e => e is { Feed: Feed.Contract, Reason: "settling" }), 15,
            "known");
    }

    [Fact]
    public async Task Streams_are_asked_for_on_the_path_and_in_the_letters_that_deliver_them()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync(["BTCUSDT", "币安人生USDT"]);
        await fixture.UntilHealthyAsync();
        string[] served = [.. fixture.Venue.Ledger.Streams];
        Assert.All(
            fixture.Node.Parts.Streams.Groups.All,
            group => Assert.All(group.Streams, stream =>
            {
                // The venue has a stream of this very name on this path; wrong ones it acknowledges and never serves.
                Assert.Contains(stream.Text, served);
                Assert.Equal(group.Endpoint.Route, StreamName.RouteOf(stream.Kind));
                Assert.Equal(
                    group.Endpoint.Route == StreamRoute.Public,
                    stream.Kind is StreamKind.PartialDepth or StreamKind.Quotes);
            }));
        Assert.Contains("币安人生usdt@markPrice@1s", served);
        Assert.DoesNotContain(served, static name => name.Contains("USDT", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Liquidations_of_coin_margined_contracts_are_in_the_stream_and_in_no_row()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync(["BTCUSDT", "ETHUSDT"]);
        await fixture.RunAsync(150);
        LedgerMessage[] sent = [.. fixture.Venue.Ledger.Sent("!forceOrder@arr")];
        HashSet<long> own = [.. new[] { "BTCUSDT", "ETHUSDT" }
            .SelectMany(fixture.Venue.Ledger.Liquidations).Select(static order => order.Time)];
        Assert.Contains(sent, message => !own.Contains(message.Id));
        AppliedEvent[] applied = [.. new[] { "BTCUSDT", "ETHUSDT" }.SelectMany(fixture.Applied)
            .Where(static e => e.Kind == EventKind.Liquidation)];
        Assert.All(applied, e => Assert.Contains(e.EventTime, own));
        Assert.All(fixture.Node.Status().Symbols, static symbol => Assert.Equal(0, symbol.Rejected));
    }
}
