using Feeds.Actors;
using Feeds.Actors.Tree;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Engine.Symbols;
using Feeds.Tests.Actors;
using Xunit;

namespace Feeds.Tests.Engine.Symbols;

public sealed class SymbolActorTests
{
    private const long Second = 1_000;

    [Fact]
    public async Task A_tick_emits_a_row_of_what_was_told_before_it()
    {
        await using EngineFixture fixture = new();
        SymbolEntry entry = fixture.Add("BTCUSDT");
        entry.Actor.Tell(new SymbolMessage(fixture.Book(1)));
        await Tick(fixture, entry, EngineFixture.Start + Second);
        FeedRow row = Assert.Single(fixture.Sink.Rows);
        Assert.Equal(0.75, row.ObiTop);
        Assert.Equal(5, row.LatencyMs);
    }

    [Fact]
    public async Task A_row_leaves_only_after_its_events_are_on_the_disk()
    {
        await using EngineFixture fixture = new();
        SymbolEntry entry = fixture.Add("BTCUSDT");
        (long Appended, long Durable) atWrite = default;
        fixture.Sink.Writing = () => atWrite = (fixture.Segments.Position, fixture.Segments.DurablePosition);
        await TellAndWait(fixture, entry, fixture.Book(1));
        await Tick(fixture, entry, EngineFixture.Start + Second);

        // Settings, book, tick.
        Assert.Equal((3, 3), atWrite);
    }

    [Fact]
    public async Task A_known_book_is_dropped_and_its_count_rides_on_the_next_event()
    {
        await using EngineFixture fixture = new();
        SymbolEntry entry = fixture.Add("BTCUSDT");
        foreach (long id in new long[] { 7, 7, 6 })
        {
            entry.Actor.Tell(new SymbolMessage(fixture.Book(id)));
            await Eventually.True(
                () => fixture.System.Tree().Children.Single(node => node.Name == "BTCUSDT").Processed > 0
                && Depth(fixture) == 0, "the condition");
        }

        await Tick(fixture, entry, EngineFixture.Start + Second);
        Assert.Equal(2, entry.Gauges.Duplicates);
        SymbolInspection seen =
            (SymbolInspection)(await fixture.System.InspectAsync("BTCUSDT", TimeSpan.FromSeconds(10)))!;
        Assert.Equal(2, seen.Duplicates);
    }

    [Fact]
    public async Task A_broken_book_is_named_in_the_row_and_leaves_the_state_alone()
    {
        await using EngineFixture fixture = new();
        SymbolEntry entry = fixture.Add("BTCUSDT");
        await TellAndWait(fixture, entry, fixture.Book(1));
        await TellAndWait(fixture, entry, fixture.Book(2, bidQuantity: -1));
        await TellAndWait(fixture, entry, fixture.Book(3, bidQuantity: double.NaN));
        await Tick(fixture, entry, EngineFixture.Start + Second);
        FeedRow row = Assert.Single(fixture.Sink.Rows);
        Assert.Equal(0.75, row.ObiTop);
        Assert.Contains("depth:invalid_quantity", row.SourceErrors.Split(';'));
        Assert.Equal(2, entry.Gauges.Rejected);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ticks_since_a_hand_over_get_their_rows_and_those_since_a_crash_do_not(bool isHandedOver)
    {
        await using EngineFixture fixture = new();
        SymbolEntry before = fixture.Add("BTCUSDT");
        await Tick(fixture, before, EngineFixture.Start + Second);
        ((IActorRef)before.Actor).Cell.RequestStop(StopMode.Drained);
        await before.Actor.Stopped;
        fixture.Symbols.Remove(before);
        fixture.Clock.Advance(TimeSpan.FromMilliseconds(3_100));
        SymbolEntry after = fixture.Add("BTCUSDT", isHandedOver: isHandedOver);
        await Tick(fixture, after, EngineFixture.Start + (4 * Second));
        Assert.Equal(
            isHandedOver ? [1L, 2, 3, 4] : [1L, 4],
            fixture.Sink.Rows.Select(static row => (row.TickTime - EngineFixture.Start) / Second).Distinct());
    }

    [Fact]
    public async Task What_was_received_after_a_tick_is_not_in_its_row_though_the_tick_is_told_late()
    {
        await using EngineFixture fixture = new();
        TaskCompletionSource first = new();
        fixture.Applied = (_, e) =>
        {
            if (e.Kind == EventKind.Book)
            {
                first.TrySetResult();
            }
        };
        SymbolEntry entry = fixture.Add("BTCUSDT");
        await Tick(fixture, entry, EngineFixture.Start + Second);
        fixture.Clock.Advance(TimeSpan.FromMilliseconds(900));
        entry.Actor.Tell(new SymbolMessage(fixture.Book(1, bidQuantity: 3, askQuantity: 1)));
        await first.Task.Ends();

        // The node stands still across the tick; what the sockets held comes before the ticker does.
        fixture.Clock.Advance(TimeSpan.FromMilliseconds(1_500));
        entry.Actor.Tell(new SymbolMessage(fixture.Book(2, bidQuantity: 1, askQuantity: 9)));
        for (int tick = 2; tick <= 3; tick++)
        {
            entry.Actor.Tell(new SymbolMessage(MarketEvent.ForTick(
                EngineFixture.Start + (tick * Second), fixture.Clock.GetUtcNow().ToUnixTimeMilliseconds())));
        }

        await Eventually.True(() =>
        {
            fixture.Clock.Advance(TimeSpan.FromMilliseconds(20));
            return fixture.Sink.Rows.Count == 3;
        }, "all rows");
        await Tick(fixture, entry, EngineFixture.Start + (4 * Second));
        Assert.Equal(
            [1L, 2, 3, 4], fixture.Sink.Rows.Select(static row => (row.TickTime - EngineFixture.Start) / Second));
        Assert.Equal(0.75, fixture.Sink.Rows[1].ObiTop);
        Assert.Equal(0.75, fixture.Sink.Rows[2].ObiTop);
        Assert.True(fixture.Sink.Rows[3].ObiTop < 0.75);
    }

    [Fact]
    public async Task A_tick_that_waited_for_more_than_three_intervals_is_skipped_and_the_next_row_says_so()
    {
        await using EngineFixture fixture = new();
        SymbolEntry entry = fixture.Add("BTCUSDT");
        fixture.Clock.Advance(TimeSpan.FromSeconds(10));
        entry.Actor.Tell(
            new SymbolMessage(MarketEvent.ForTick(EngineFixture.Start + Second, EngineFixture.Start + Second)));
        await Tick(fixture, entry, EngineFixture.Start + (10 * Second));
        FeedRow row = Assert.Single(fixture.Sink.Rows);
        Assert.Equal(EngineFixture.Start + (10 * Second), row.TickTime);
        Assert.Contains("lag:skipped", row.SourceErrors.Split(';'));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Trades_that_are_missing_when_the_numbering_begins_anew_are_declared_lost(bool isTold)
    {
        await using EngineFixture fixture = new();
        List<Gap> gaps = [];
        fixture.Applied = (_, e) =>
        {
            if (e.Kind == EventKind.Gap)
            {
                lock (gaps)
                {
                    gaps.Add(e.Gap);
                }
            }
        };
        SymbolEntry entry = fixture.Add("BTCUSDT");
        long time = EngineFixture.Start;
        foreach (long id in new long[] { 1_000, 1_003, 1_007 })
        {
            entry.Actor.Tell(new SymbolMessage(Trade(id, ++time)));
        }

        Gap[] lost = [new(Feed.Trades, 1_001, 1_002, 0, 0, Gap.Forgotten),
            new(Feed.Trades, 1_004, 1_006, 0, 0, Gap.Forgotten)];
        if (isTold)
        {
            Gap relisted = new(Feed.Trades, 0, 0, 0, 0, Gap.Relisted);
            entry.Actor.Tell(new SymbolMessage(MarketEvent.ForGap(relisted, ++time)));
            lost = [.. lost, relisted];
        }

        entry.Actor.Tell(new SymbolMessage(Trade(1, ++time)));
        await Eventually.True(() => entry.Gauges.HighestTradeId == 1, "the new numbering");
        Assert.Equal(lost, gaps);
        Assert.Empty(entry.Gauges.MissingTrades);
        await Tick(fixture, entry, EngineFixture.Start + Second);
        Assert.Contains("trades:gap", Assert.Single(fixture.Sink.Rows).SourceErrors.Split(';'));
    }

    private static MarketEvent Trade(long id, long time) => MarketEvent.ForTrade(time, time, id, 100, 1, 1, Side.Buy);

    [Fact]
    public async Task A_failed_symbol_restarts_alone_and_its_next_row_says_so()
    {
        await using EngineFixture fixture = new();
        SymbolEntry healthy = fixture.Add("ETHUSDT");
        SymbolEntry failing = fixture.Add("BTCUSDT");
        foreach (SymbolEntry entry in new[] { healthy, failing })
        {
            entry.Gauges.SetConnected(Feed.Liquidations, true);
            await TellAndWait(fixture, entry, MarketEvent.ForFeedConnected(Feed.Liquidations, EngineFixture.Start));
        }

        failing.Actor.Tell(new SymbolMessage(Poison()));
        await Eventually.True(() => State(fixture, "BTCUSDT") == ActorState.Backoff, "the condition");
        await Tick(fixture, healthy, EngineFixture.Start + Second);
        Assert.Equal("ETHUSDT", Assert.Single(fixture.Sink.Rows).Symbol.Text);
        await Eventually.True(() =>
        {
            fixture.Clock.Advance(TimeSpan.FromMilliseconds(100));
            return State(fixture, "BTCUSDT") == ActorState.Running;
        }, "the condition");
        await Tick(fixture, failing, Now(fixture) + Second);
        FeedRow row = fixture.Sink.Rows.Single(each => each.Symbol.Text == "BTCUSDT");
        Assert.Contains("node:restarted", row.SourceErrors.Split(';'));
        Assert.Equal(0, row.LiqLongUsd);
        Assert.DoesNotContain("restarted", fixture.Sink.Rows[0].SourceErrors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_symbol_that_fails_again_and_again_is_parked()
    {
        await using EngineFixture fixture = new();
        SymbolEntry entry = fixture.Add("BTCUSDT");
        for (int i = 0; i < 3; i++)
        {
            entry.Actor.Tell(new SymbolMessage(Poison()));
        }

        await Eventually.True(() =>
        {
            fixture.Clock.Advance(TimeSpan.FromSeconds(1));
            return State(fixture, "BTCUSDT") == ActorState.Parked;
        }, "the condition");
    }

    // A record without its values: no source makes one, and the fold throws on it.
    private static MarketEvent Poison() => MarketEvent.ForOpenInterest(null!, EngineFixture.Start, EngineFixture.Start);

    private static async Task Tick(EngineFixture fixture, SymbolEntry entry, long tick)
    {
        long ahead = tick - Now(fixture);
        if (ahead > 0)
        {
            fixture.Clock.Advance(TimeSpan.FromMilliseconds(ahead));
        }

        Assert.True(entry.Actor.Tell(new SymbolMessage(MarketEvent.ForTick(tick, tick))));
        await Eventually.True(() =>
        {
            fixture.Clock.Advance(TimeSpan.FromMilliseconds(1));
            return fixture.Sink.Rows.Any(row => row.TickTime == tick && row.Symbol == entry.Symbol);
        }, "the condition");
    }

    private static async Task TellAndWait(EngineFixture fixture, SymbolEntry entry, MarketEvent e)
    {
        long before = Processed(fixture, entry.Symbol.Text);
        entry.Actor.Tell(new SymbolMessage(e));
        await Eventually.True(() => Processed(fixture, entry.Symbol.Text) > before, "the condition");
    }

    private static long Processed(EngineFixture fixture, string name) => Node(fixture, name).Processed;

    private static ActorState State(EngineFixture fixture, string name) => Node(fixture, name).State;

    private static int Depth(EngineFixture fixture) => Node(fixture, "BTCUSDT").Mailbox.Total;

    private static ActorNode Node(EngineFixture fixture, string name) =>
        fixture.System.Tree().Children.Single(node => node.Name == name);

    private static long Now(EngineFixture fixture) => fixture.Clock.GetUtcNow().ToUnixTimeMilliseconds();
}
