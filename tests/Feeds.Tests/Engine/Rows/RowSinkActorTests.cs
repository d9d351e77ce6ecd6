using Feeds.Actors;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Engine.Rows;
using Feeds.Storage.Leases;
using Feeds.Tests.Actors;
using Xunit;

namespace Feeds.Tests.Engine.Rows;

public sealed class RowSinkActorTests
{
    [Fact]
    public async Task Rows_of_a_tick_are_written_together_in_the_order_of_the_watched_set()
    {
        await using EngineFixture fixture = new();
        fixture.Add("BBB");
        fixture.Add("AAA");
        fixture.Rows.Tell(Row("AAA", 1_000));
        fixture.Rows.Tell(Row("BBB", 1_000));
        await Eventually.True(() => fixture.Sink.Rows.Count == 2, "the condition");
        Assert.Equal(["BBB", "AAA"], fixture.Sink.Rows.Select(row => row.Symbol.Text));
        Assert.Equal(1_000, fixture.Gauges.LastTickTime);
    }

    [Fact]
    public async Task A_row_does_not_wait_for_a_symbol_that_stays_silent()
    {
        await using EngineFixture fixture = new();
        fixture.Add("AAA");
        fixture.Add("BBB");
        fixture.Rows.Tell(Row("AAA", 1_000));
        await Eventually.True(() => fixture.Buffer.Rows.Count == 1, "the condition");
        Assert.Empty(fixture.Sink.Rows);
        await Eventually.True(() =>
        {
            fixture.Clock.Advance(TimeSpan.FromMilliseconds(20));
            return fixture.Sink.Rows.Count == 1;
        }, "the condition");
    }

    [Fact]
    public async Task A_sink_that_fails_gets_the_same_rows_again_and_none_is_lost()
    {
        await using EngineFixture fixture = new();
        fixture.Add("AAA");
        fixture.Sink.Refuses = true;
        for (long tick = 1; tick <= 5; tick++)
        {
            fixture.Rows.Tell(Row("AAA", tick * 1_000));
        }

        await Eventually.True(() =>
        {
            fixture.Clock.Advance(TimeSpan.FromSeconds(1));
            return fixture.Sink.Refusals >= 3;
        }, "the condition");
        Assert.Empty(fixture.Sink.Rows);
        fixture.Sink.Refuses = false;
        await Eventually.True(() =>
        {
            fixture.Clock.Advance(TimeSpan.FromSeconds(60));
            return fixture.Sink.Rows.Count == 5;
        }, "the condition");
        Assert.Equal([1_000, 2_000, 3_000, 4_000, 5_000], fixture.Sink.Rows.Select(row => row.TickTime));
    }

    [Fact]
    public async Task Rows_wait_while_the_lease_is_not_good_and_leave_when_it_is()
    {
        await using EngineFixture fixture = new();
        fixture.Add("AAA");
        fixture.Deadline.End();
        fixture.Rows.Tell(Row("AAA", 1_000));
        fixture.Rows.Tell(Row("AAA", 2_000));
        await Eventually.True(() => fixture.Buffer.Rows.Count == 2, "held back");
        fixture.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty(fixture.Sink.Rows);
        fixture.Deadline.Renewed(fixture.Deadline.Mark());
        await Eventually.True(() =>
        {
            fixture.Clock.Advance(TimeSpan.FromMilliseconds(100));
            return fixture.Sink.Rows.Count == 2;
        }, "released");
    }

    [Fact]
    public async Task Rows_that_wait_since_a_failed_write_leave_when_the_lease_is_good_and_not_with_the_next_tick()
    {
        await using EngineFixture fixture = new();
        fixture.Add("AAA");
        fixture.Sink.Refuses = true;
        fixture.Rows.Tell(Row("AAA", 1_000));
        await Eventually.True(() => fixture.Sink.Refusals == 1, "refused");
        fixture.Deadline.End();
        fixture.Sink.Refuses = false;
        for (int i = 0; i < 50; i++)
        {
            // The actor comes back and finds the lease ended.
            fixture.Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(1);
        }

        Assert.Empty(fixture.Sink.Rows);
        fixture.Deadline.Renewed(fixture.Deadline.Mark());
        await Eventually.True(() =>
        {
            fixture.Clock.Advance(TimeSpan.FromMilliseconds(100));
            return fixture.Sink.Rows.Count == 1;
        }, "released");
    }

    [Fact]
    public async Task No_further_sink_gets_the_row_of_a_symbol_that_is_lost_while_one_is_written()
    {
        await using EngineFixture fixture = new();
        fixture.Add("AAA");
        fixture.Add("BBB");
        EngineFixture.MemorySink first = new()
        {
            Writing = () => fixture.Held.Refused(new SymbolLease(Symbol.Parse("AAA"), "test@1", 1)),
        };
        ActorRef<RowMessage> rows = fixture.System.ActorOf(
            new Props<RowMessage>(() => new RowSinkActor(
                new RowBuffer(), fixture.Symbols, [first, fixture.Sink], fixture.Gauges, fixture.Gate,
                fixture.Journal.FlushAsync)),
            "rows of two sinks");
        rows.Tell(Row("AAA", 1_000));
        rows.Tell(Row("BBB", 1_000));
        await new RowOutlet(rows).WrittenAsync(CancellationToken.None);
        Assert.Equal(2, first.Rows.Count);
        Assert.Equal(["BBB"], fixture.Sink.Rows.Select(static row => row.Symbol.Text));
        Assert.Equal(1, fixture.Gate.DiscardedRows);
    }

    [Fact]
    public async Task Rows_of_a_symbol_that_was_lost_are_discarded_and_counted_and_others_leave()
    {
        await using EngineFixture fixture = new();
        fixture.Add("AAA");
        fixture.Add("BBB");
        fixture.Deadline.End();
        fixture.Rows.Tell(Row("AAA", 1_000));
        fixture.Rows.Tell(Row("BBB", 1_000));
        await Eventually.True(() => fixture.Buffer.Rows.Count == 2, "held back");
        Assert.True(fixture.Held.Drop(new SymbolLease(Symbol.Parse("AAA"), "test@1", 1)));
        fixture.Deadline.Renewed(fixture.Deadline.Mark());
        Task written = new RowOutlet(fixture.Rows).WrittenAsync(CancellationToken.None);
        await Eventually.True(() =>
        {
            fixture.Clock.Advance(TimeSpan.FromMilliseconds(100));
            return written.IsCompleted;
        }, "all written or discarded");
        Assert.Equal(["BBB"], fixture.Sink.Rows.Select(static row => row.Symbol.Text));
        Assert.Equal(1, fixture.Gate.DiscardedRows);
    }

    [Fact]
    public async Task Past_its_bound_the_sink_takes_no_more_and_whoever_tells_it_waits_and_nothing_is_lost()
    {
        const int Bound = 50_000;
        const int Mailbox = 1_024;
        const int All = Bound + Mailbox + 500;
        await using EngineFixture fixture = new();
        fixture.Add("AAA");
        fixture.Add("silent");
        fixture.Deadline.End();
        RowOutlet outlet = new(fixture.Rows);
        int told = 0;
        Task telling = Task.Run(async () =>
        {
            for (; told < All; told++)
            {
                await outlet.EmitAsync(Row("AAA", told + 1).Rows!, CancellationToken.None);
            }
        });
        await Eventually.True(
            () => fixture.Buffer.Rows.Count == Bound
                && Volatile.Read(ref told) >= Bound + Mailbox, "all room is taken");
        for (int i = 0; i < 5; i++)
        {
            fixture.Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        Assert.False(telling.IsCompleted);
        Assert.InRange(Volatile.Read(ref told), Bound + Mailbox, Bound + Mailbox + 1);
        Assert.Equal(Bound, fixture.Buffer.Rows.Count);
        Assert.Empty(fixture.Sink.Rows);
        fixture.Deadline.Renewed(fixture.Deadline.Mark());
        Task written = Task.Run(async () =>
        {
            await telling;
            await outlet.WrittenAsync(CancellationToken.None);
        });
        await Eventually.True(() =>
        {
            fixture.Clock.Advance(TimeSpan.FromMilliseconds(100));
            return written.IsCompleted;
        }, "released");
        Assert.Equal(
            Enumerable.Range(1, All).Select(static tick => (long)tick),
            fixture.Sink.Rows.Select(static row => row.TickTime));
    }

    private static RowMessage Row(string symbol, long tick)
    {
        FeedRow row = new(
            tick, Symbol.Parse(symbol), 1, 1, 1, 1, 1, 1, 1, 1, 1, string.Empty);
        return new RowMessage(tick, new TickRows(row, null));
    }
}
