using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Storage.Journals;
using Xunit;

namespace Feeds.Tests.Storage.Journals;

public sealed class TickOrderTests
{
    private const long Hour = 3_600_000;
    private const long Start = 1_700_000_000_000;

    private static readonly Symbol A = Symbol.Parse("AUSDT");
    private static readonly Symbol B = Symbol.Parse("BUSDT");

    [Fact]
    public void Ticks_that_segments_split_come_ordered_by_tick_and_symbol()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            Random random = new(seed);
            Symbol[] symbols = [.. Enumerable.Range(0, 5).Select(i => Symbol.Parse($"S{i}USDT"))];
            List<FoldedTick>[] segments = [.. Enumerable.Range(0, 6).Select(_ => new List<FoldedTick>())];
            foreach (Symbol symbol in symbols)
            {
                // Each lags behind the others as it likes, and is absent from segments at times.
                int segment = 0;
                for (int tick = 0; tick < 40; tick++)
                {
                    segment = Math.Min(5, segment + (random.Next(10) == 0 ? random.Next(1, 3) : 0));
                    segments[segment].Add(Tick(symbol, Start + (tick * 1000)));
                }
            }

            Assert.Equal(
                segments.SelectMany(list => list).OrderBy(t => t.Rows.Feed.TickTime).ThenBy(t => t.Rows.Feed.Symbol),
                Emit(segments, _ => Start).SelectMany(list => list));
        }
    }

    [Fact]
    public void A_symbol_without_later_segments_holds_nothing_back()
    {
        List<List<FoldedTick>> emitted = Emit(
            [[Tick(A, Start), Tick(B, Start + 1000)], [Tick(B, Start + 2000)]], _ => Start);
        Assert.Equal([2, 1], emitted.Select(list => list.Count));
    }

    [Fact]
    public void A_symbol_that_is_away_for_long_holds_back_what_is_young_enough()
    {
        // B is away in the second segment, and comes back a day later.
        List<FoldedTick>[] segments =
        [
            [Tick(A, Start), Tick(B, Start)],
            [.. Enumerable.Range(1, 24).Select(hour => Tick(A, Start + (hour * Hour)))],
            [Tick(A, Start + (25 * Hour)), Tick(B, Start + (25 * Hour))],
        ];
        List<List<FoldedTick>> emitted = Emit(segments, segment => Start + (segment * 12 * Hour));
        Assert.Equal(2, emitted[0].Count);
        Assert.Empty(emitted[1]);
        Assert.Equal(26, emitted[2].Count);
        List<FoldedTick>[] withPause = [segments[0], segments[1], [Tick(A, Start + (25 * Hour))],
            [Tick(B, Start + (26 * Hour))]];
        emitted = Emit(withPause, segment => Start + (segment * 9 * Hour));
        Assert.Equal(24, emitted[1].Count);
    }

    private static List<List<FoldedTick>> Emit(IReadOnlyList<List<FoldedTick>> segments, Func<int, long> createdTime)
    {
        List<SegmentContent> contents = [.. segments.Select((ticks, i) => new SegmentContent(
            new SegmentName(i, createdTime(i), SegmentName.Sealed),
            ticks.Select(tick => tick.Rows.Feed.Symbol).ToHashSet()))];
        TickOrder order = new(contents, _ => true);
        Dictionary<Symbol, long> last = [];
        List<List<FoldedTick>> emitted = [];
        foreach (List<FoldedTick> segment in segments)
        {
            foreach (FoldedTick tick in segment)
            {
                last[tick.Rows.Feed.Symbol] = tick.Rows.Feed.TickTime;
            }

            List<FoldedTick> now = [];
            order.Add(segment, symbol => last.GetValueOrDefault(symbol), 3 * Hour, now.Add);
            emitted.Add(now);
        }

        return emitted;
    }

    private static FoldedTick Tick(Symbol symbol, long time) => new(
        new TickRows(
            new FeedRow(
                time, symbol, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN,
                double.NaN, double.NaN, string.Empty),
            null),
        1,
        true);
}
