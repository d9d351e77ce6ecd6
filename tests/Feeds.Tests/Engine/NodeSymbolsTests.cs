using System.Runtime.CompilerServices;
using Feeds.Actors.Tree;
using Feeds.Core.Market;
using Feeds.Engine;
using Feeds.Engine.Health;
using Feeds.Simulator.Faults;
using Feeds.Simulator.Markets;
using Xunit;

namespace Feeds.Tests.Engine;

/// <summary>Symbols that come and go while a node runs.</summary>
public sealed class NodeSymbolsTests
{
    private const int Many = 500;

    [Fact]
    public async Task No_row_is_of_a_tick_before_its_symbol_was_there()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync(["BTCUSDT", "ETHUSDT"], phaseMs: 400);
        await fixture.UntilHealthyAsync();
        Assert.Equal(
            ["2026-11-20T10:00:03.000Z BTCUSDT", "2026-11-20T10:00:03.000Z ETHUSDT"],
            fixture.Rows.Take(2).Select(static row => $"{row.Timestamp} {row.Symbol}"));
    }

    [Fact]
    public async Task Five_hundred_symbols_come_and_go_one_after_another_and_nothing_is_left_of_them()
    {
        IReadOnlyList<SymbolSpec> specs = SymbolSpecs.Many(Many + 2, tradesPerSecondOfFirst: 4);
        string[] stay = [.. specs.Take(2).Select(static spec => spec.Symbol)];
        Symbol[] pass = [.. specs.Skip(2).Select(static spec => Symbol.Parse(spec.Symbol))];
        await using NodeFixture fixture = await NodeFixture.StartAsync(
            stay, venue: options => options with { Specs = specs, KeepLedger = false });
        await fixture.UntilHealthyAsync();
        Assert.Equal(8 + 2, Subscribed(fixture).Count);
        int timers = fixture.Clock.PendingTimers;
        int actors = Count(fixture.Node.Actors.Tree());

        List<WeakReference> left = await AddAsync(fixture, pass);
        await fixture.UntilAsync(() => Subscribed(fixture).Count == 2 + (4 * (Many + 2)), 60, "all are subscribed");
        Assert.All(
            fixture.Venue.Hub.Connections, static connection => Assert.InRange(connection.Subscriptions.Count, 1, 200));
        await fixture.UntilAsync(
            () => fixture.Node.Status().Symbols.All(static symbol => symbol.LastRow is not null), 30, "all have rows");
        foreach (Symbol symbol in pass)
        {
            Assert.Equal(SymbolChange.Done, await fixture.Node.RemoveSymbolAsync(symbol, CancellationToken.None));
        }

        await fixture.UntilAsync(
            () => Subscribed(fixture).Count == 8 + 2
                && fixture.Node.Parts.Streams.Groups.All.Count == 2, 60, "all are given up");
        await fixture.RunAsync(5);
        Assert.Equal(2, fixture.Venue.Hub.Connections.Count);
        Assert.Equal(actors, Count(fixture.Node.Actors.Tree()));
        Assert.Equal(0, fixture.Node.Actors.Tree().Children.Sum(Waiting));
        Assert.InRange(fixture.Clock.PendingTimers, 1, timers + 3);
        await UntilNoneIsAliveAsync(fixture, left);

        // The venue cuts who sends too much or opens too many; and who was there all the time noticed nothing.
        Assert.DoesNotContain(
            fixture.Venue.Ledger.Notes, static note => note.What.StartsWith("closed 1008", StringComparison.Ordinal));
        Assert.All(fixture.Node.Status().Streams, static stream => Assert.Equal(0, stream.Reconnects));
        Assert.InRange(
            fixture.Venue.Ledger.Notes.Count(static note => note.What.StartsWith("opened", StringComparison.Ordinal)),
            11, 40);
        await fixture.StopNodeAsync();
        Assert.DoesNotContain(
            fixture.Log.Lines, static line => line.Contains("drain", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_symbol_that_comes_within_a_period_has_its_funding_rate_and_open_interest_records_at_once()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync(
            ["BTCUSDT"], venue: static options => options with { Symbols = ["BTCUSDT", "ETHUSDT"] });
        await fixture.UntilHealthyAsync();
        await fixture.UntilAsync(() => fixture.Now % 300_000 is > 100_000 and < 200_000, 300, "the middle of a period");
        Assert.Equal(
            SymbolChange.Done, await fixture.Node.AddSymbolAsync(Symbol.Parse("ETHUSDT"), CancellationToken.None));
        await fixture.UntilAsync(
            () => fixture.Node.Status().Symbols is { Count: 2 } symbols
                && symbols[1].LastRow is { FundingRate: not double.NaN },
            15,
            "its funding rate");
        await fixture.UntilAsync(
            () => fixture.Node.Status().Symbols is { Count: 2 } symbols
                && symbols[1].LastRow is { SourceErrors: "" }, 40, "it has all it needs");
    }

    [Fact]
    public async Task A_symbol_that_goes_and_comes_again_at_once_is_received_again()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync(["BTCUSDT", "ETHUSDT"]);
        await fixture.UntilHealthyAsync();
        Symbol symbol = Symbol.Parse("ETHUSDT");
        for (int i = 0; i < 3; i++)
        {
            await fixture.Node.RemoveSymbolAsync(symbol, CancellationToken.None);
            Assert.Equal(SymbolChange.Done, await fixture.Node.AddSymbolAsync(symbol, CancellationToken.None));
            await fixture.RunAsync(i * 0.2);
        }

        int rows = fixture.Rows.Count;
        await fixture.UntilAsync(
            () => fixture.Rows.Skip(rows).Any(static row => row is { Symbol: "ETHUSDT", Errors.Length: 0 }), 20,
            "whole rows again");
        Assert.Equal(10, Subscribed(fixture).Count);
        fixture.AssertNoErrors(rows, static row => row.Symbol == "BTCUSDT");
    }

    [Fact]
    public async Task A_stopped_symbol_is_shown_and_comes_back_from_its_journal_while_others_go_on()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync(["BTCUSDT", "ETHUSDT"]);
        await fixture.UntilHealthyAsync();
        long sequence = Of(fixture, "ETHUSDT").Sequence;
        int before = fixture.Rows.Count;
        Assert.True(fixture.Node.Actors.TryStop("symbols/ETHUSDT"));
        await fixture.UntilAsync(() => Of(fixture, "ETHUSDT").Health == SymbolHealth.Stopped, 5, "stopped");
        await fixture.RunAsync(6);
        Assert.Contains("ETHUSDT: stopped", fixture.Node.Status().Reasons);
        Assert.InRange(fixture.Rows.Skip(before).Count(static row => row.Symbol == "ETHUSDT"), 0, 1);
        Assert.InRange(fixture.Rows.Skip(before).Count(static row => row.Symbol == "BTCUSDT"), 6, 8);

        int stopped = fixture.Rows.Count;
        Assert.True(fixture.Node.Actors.TryRestart("symbols/ETHUSDT"));
        await fixture.UntilAsync(
            () => fixture.Rows.Skip(stopped).Any(static row => row.Symbol == "ETHUSDT"), 3, "a row again");
        await fixture.RunAsync(8);
        CsvRow[] rows = [.. fixture.Rows.Skip(stopped).Where(static row => row.Symbol == "ETHUSDT")];
        Assert.Contains("node:restarted", rows[0].Errors);
        Assert.DoesNotContain("oi:missing", rows[0].Errors);
        Assert.Empty(rows[^1].Errors);
        Assert.True(Of(fixture, "ETHUSDT").Sequence > sequence, "the journal goes on where it stood");
        fixture.AssertNoErrors(before, static row => row.Symbol == "BTCUSDT");
        await LedgerCheck.HoldsAsync(fixture, "BTCUSDT");
        Assert.Equal(10, Subscribed(fixture).Count);
    }

    [Fact]
    public async Task A_message_that_always_fails_parks_its_symbol_alone_and_says_so()
    {
        bool isPoison = false;
        await using NodeFixture fixture = await NodeFixture.StartAsync(
            ["BTCUSDT", "ETHUSDT"],
            node: options => options with
            {
                Applied = (symbol, e) =>
                {
                    if (Volatile.Read(ref isPoison) && symbol.Text == "ETHUSDT" && e.Kind == EventKind.Mark)
                    {
                        throw new InvalidOperationException("poison");
                    }
                },
            });
        await fixture.UntilHealthyAsync();
        int before = fixture.Rows.Count;
        Volatile.Write(ref isPoison, true);
        await fixture.UntilAsync(() => Of(fixture, "ETHUSDT").Health == SymbolHealth.Parked, 60, "parked");
        Assert.Contains("ETHUSDT: parked", fixture.Node.Status().Reasons);
        ActorNode actor = fixture.Node.Actors.Tree().Children.Single(static node => node.Name == "symbols").Children
            .Single(static node => node.Name == "ETHUSDT");
        Assert.Equal(5, actor.Restarts);
        Assert.Equal("poison", actor.LastFailure!.Message);
        Assert.All(actor.Failures, static failure => Assert.Equal("InvalidOperationException", failure.Type));
        await fixture.UntilAsync(
            () => fixture.Log.Lines.Any(static line => line.Contains("symbols/ETHUSDT", StringComparison.Ordinal)
                && line.Contains("parked", StringComparison.OrdinalIgnoreCase)),
            5,
            "told in the log");
        await fixture.RunAsync(5);
        fixture.AssertNoErrors(before, static row => row.Symbol == "BTCUSDT");
        await LedgerCheck.HoldsAsync(fixture, "BTCUSDT");

        Volatile.Write(ref isPoison, false);
        Assert.True(fixture.Node.Actors.TryRestart("symbols/ETHUSDT"));
        await fixture.UntilAsync(
            () => Of(fixture, "ETHUSDT") is { Health: SymbolHealth.Ok, LastRow.SourceErrors: "" }, 40, "back");
    }

    [Fact]
    public async Task The_first_row_after_a_restart_names_what_is_not_back_and_nothing_else()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync(["BTCUSDT", "ETHUSDT"]);
        await fixture.UntilHealthyAsync();
        int before = fixture.Rows.Count;
        await fixture.RestartAsync();
        await fixture.UntilAsync(() => fixture.Rows.Count >= before + 4, 10, "rows again");
        Assert.All(fixture.Rows.Skip(before).Take(2), static row =>
        {
            // What is not back in time for the first tick is named for that; that it was stopped by us is no news.
            Assert.Contains("node:restarted", row.Errors);
            Assert.DoesNotContain(row.Errors, static error => error.EndsWith(":stopped", StringComparison.Ordinal));
        });
        await fixture.UntilAsync(() => fixture.Rows[^1].Errors.Length == 0, 10, "whole rows");

        using IDisposable refused = fixture.Venue.Inject(
            new Fault { Kind = FaultKind.RefuseConnections, Duration = null });

        // The venue takes up a fault when its clock moves; a node that starts before that is let in.
        await fixture.RunAsync(0.5);
        before = fixture.Rows.Count;
        await fixture.RestartAsync();
        await fixture.UntilAsync(() => fixture.Rows.Count >= before + 4, 15, "rows without streams");
        Assert.All(fixture.Rows.Skip(before), static row => Assert.Superset(
            new HashSet<string>(
                ["bars:restarted", "depth:restarted", "liq:restarted", "mark:restarted", "trades:restarted"]),
            row.Errors.ToHashSet()));
        refused.Dispose();
        await fixture.UntilAsync(
            () => fixture.Node.Status().Symbols.All(static symbol => symbol.LastRow?.SourceErrors == ""), 90,
            "all back");
    }

    [Fact]
    public async Task A_stream_and_a_poller_are_stopped_and_restarted_by_their_paths()
    {
        await using NodeFixture fixture = await NodeFixture.StartAsync(["BTCUSDT", "ETHUSDT"]);
        await fixture.UntilHealthyAsync();
        foreach (string path in new[] { "streams/public-1", "polling/open-interest" })
        {
            Assert.True(fixture.Node.Actors.TryStop(path));
            await fixture.UntilAsync(() => State(fixture, path) == ActorState.Stopped, 10, $"{path} stopped");
        }

        await fixture.RunAsync(3);
        Assert.Contains("depth:stopped", fixture.Rows[^1].Errors);
        Assert.False(fixture.Group("public-1").IsOpen);
        foreach (string path in new[] { "streams/public-1", "polling/open-interest" })
        {
            Assert.True(fixture.Node.Actors.TryRestart(path));
            await fixture.UntilAsync(() => State(fixture, path) == ActorState.Running, 10, $"{path} runs");
        }

        int before = fixture.Rows.Count;
        await fixture.UntilAsync(
            () => fixture.Rows.Count > before + 1 && fixture.Rows[^1].Errors.Length == 0, 20, "whole rows again");
    }

    private static SymbolStatus Of(NodeFixture fixture, string symbol) =>
        fixture.Node.Status().Symbols.Single(status => status.Symbol.Text == symbol);

    private static ActorState State(NodeFixture fixture, string path)
    {
        string[] names = path.Split('/');
        return fixture.Node.Actors.Tree().Children.Single(node => node.Name == names[0])
            .Children.Single(node => node.Name == names[1]).State;
    }

    // Not inlined: what it holds must not outlive it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<List<WeakReference>> AddAsync(NodeFixture fixture, Symbol[] symbols)
    {
        List<WeakReference> entries = [];
        for (int i = 0; i < symbols.Length; i++)
        {
            Assert.Equal(SymbolChange.Done, await fixture.Node.AddSymbolAsync(symbols[i], CancellationToken.None));
            entries.Add(new WeakReference(fixture.Node.Parts.Symbols.Find(symbols[i])));
            if (i % 25 == 0)
            {
                await fixture.RunAsync(0.1);
            }
        }

        return entries;
    }

    // A round of polls that is under way still knows whom it began with; the slowest takes a few minutes.
    private static async Task UntilNoneIsAliveAsync(NodeFixture fixture, List<WeakReference> left)
    {
        for (int round = 0; ; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            int alive = left.Count(static reference => reference.IsAlive);
            if (alive == 0)
            {
                return;
            }

            Assert.True(round < 20, $"{alive} symbols are still held after {round * 15} s");
            await fixture.RunAsync(15);
        }
    }

    private static HashSet<string> Subscribed(NodeFixture fixture)
    {
        string[] all = [.. fixture.Venue.Hub.Connections.SelectMany(static connection => connection.Subscriptions)];
        Assert.Equal(all.Length, all.Distinct().Count());
        return [.. all];
    }

    private static int Count(ActorNode node) => 1 + node.Children.Sum(Count);

    private static int Waiting(ActorNode node) => node.Mailbox.Total + node.Children.Sum(Waiting);
}
