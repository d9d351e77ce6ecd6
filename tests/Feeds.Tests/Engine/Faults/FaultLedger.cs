using Feeds.Core.Market;
using Feeds.Simulator.Ledgers;
using Feeds.Simulator.Markets;
using Xunit;

namespace Feeds.Tests.Engine.Faults;

/// <summary>
/// The venue's account against what the node applied: nothing lost but what was declared, nothing doubled, nothing made
/// up.
/// </summary>
internal static class FaultLedger
{
    // A trade may wait for its repair so long, and longer for an exchange that does not answer.
    private const long RepairMs = 60_000;

    /// <summary>
    /// Checks all feeds of a symbol that streams bring. With <paramref name="gaps"/>, declared gaps excuse what lies in
    /// them;
    /// <paramref name="excused"/> says by event time what else a node cannot know of.
    /// </summary>
    public static void Holds(
        NodeFixture fixture, string symbol, bool gaps = false, string context = "", bool books = true,
        Func<Feed, long, bool>? excused = null)
    {
        excused ??= static (_, _) => false;
        IReadOnlyList<AppliedEvent> applied = fixture.Applied(symbol);
        string stream = symbol.ToLowerInvariant();
        Gap[] declared = gaps ? [.. applied.Select(static e => e.Gap).OfType<Gap>()] : [];
        if (!gaps)
        {
            Assert.DoesNotContain(applied, static e => e.Gap is { Reason: not Gap.Fetched });
        }

        Trades(fixture, symbol, applied, declared, context);
        Marks(fixture.Venue.Ledger.Generated(stream + "@markPrice@1s"), applied, declared, excused,
            context + " " + symbol);
        if (books)
        {
            Books(fixture.Venue.Ledger.Generated(stream + "@depth20@100ms"), applied, declared, excused,
                context + " " + symbol);
        }

        Bars(applied, declared, context + " " + symbol);
        Liquidations(
            fixture.Venue.Ledger.Generated("!forceOrder@arr"), fixture, symbol, applied, declared,
            context + " " + symbol);
    }

    private static void Trades(
        NodeFixture fixture, string symbol, IReadOnlyList<AppliedEvent> applied, Gap[] declared, string context)
    {
        // A number and its time: numbers begin anew when a symbol is listed again.
        (long Id, long Time)[] trades = [.. Of(applied, EventKind.Trade).Select(static e => (e.Id, e.EventTime))];
        Assert.True(trades.Length == trades.Distinct().Count(), $"{context} {symbol}: a trade was applied twice");
        if (trades.Length == 0)
        {
            return;
        }

        HashSet<(long Id, long Time)> seen = [.. trades];
        IReadOnlyList<TradePrint> market = fixture.Venue.Ledger.Trades(symbol);
        long first = trades.Min(static trade => trade.Time);
        long last = Math.Max(
            trades.Max(static trade => trade.Time), market.Count == 0 ? 0 : market[^1].Time - RepairMs);
        TradePrint[] lost = [.. market.Where(
            trade => trade.Time > first && trade.Time < last && !seen.Contains((trade.Id, trade.Time))
            && !declared.Any(gap => gap.Feed == Feed.Trades && gap.FromId <= trade.Id && trade.Id <= gap.ToId))];
        Assert.True(
            lost.Length == 0,
            $"{context} {symbol}: {lost.Length} trades lost, first {lost.FirstOrDefault().Id} at "
            + $"{lost.FirstOrDefault().Time}");
        HashSet<(long Id, long Time)> known = [.. market.Select(static trade => (trade.Id, trade.Time))];
        long begin = market.Count == 0 ? long.MaxValue : market[0].Time;
        Assert.True(
            known.IsSupersetOf(seen.Where(trade => trade.Time >= begin)), $"{context} {symbol}: a trade was made up");
    }

    private static void Marks(
        IReadOnlyList<LedgerMessage> generated,
        IReadOnlyList<AppliedEvent> applied,
        Gap[] declared,
        Func<Feed, long, bool> excused,
        string context)
    {
        long[] times = [.. Of(applied, EventKind.Mark).Select(static e => e.EventTime)];
        Assert.True(times.Length == times.Distinct().Count(), $"{context}: a mark was applied twice");
        Missing(generated.Select(static message => (message.Id, message.EventTime)), times, Feed.Mark, declared,
            excused, context);
    }

    private static void Books(
        IReadOnlyList<LedgerMessage> generated,
        IReadOnlyList<AppliedEvent> applied,
        Gap[] declared,
        Func<Feed, long, bool> excused,
        string context)
    {
        AppliedEvent[] books = [.. Of(applied, EventKind.Book)];
        long[] ids = [.. books.Select(static e => e.Id)];
        Assert.True(
            ids.Zip(ids.Skip(1)).All(static pair => pair.First < pair.Second),
            $"{context}: books out of order or doubled");

        // A book may be replaced by a newer one in the mailbox; how many were is told by the one that was applied.
        if (books.All(static e => e.Conflated == 0))
        {
            Missing(generated.Select(static message => (message.Id, message.EventTime)), ids, Feed.Depth, declared,
                excused, context);
        }
    }

    private static void Bars(IReadOnlyList<AppliedEvent> applied, Gap[] declared, string context)
    {
        long[] opened = [.. Of(applied, EventKind.Bar).Select(static e => e.Id)];
        IEnumerable<long> gone = declared.Where(static gap => gap is { Feed: Feed.Bars, Reason: not Gap.Fetched })
            .Select(static gap => gap.FromTime);
        long[] all = [.. opened.Concat(gone).Order()];
        Assert.True(
            all.Zip(all.Skip(1)).All(static pair => pair.Second - pair.First == Bar.Minute),
            $"{context}: bars {string.Join(' ', opened)}");
    }

    private static void Liquidations(
        IReadOnlyList<LedgerMessage> generated,
        NodeFixture fixture,
        string symbol,
        IReadOnlyList<AppliedEvent> applied,
        Gap[] declared,
        string context)
    {
        long[] times = [.. Of(applied, EventKind.Liquidation).Select(static e => e.EventTime)];
        HashSet<long> own = [.. fixture.Venue.Ledger.Liquidations(symbol).Select(static order => order.Time)];
        Assert.True(own.IsSupersetOf(times), $"{context}: a liquidation was made up");
        Assert.True(times.Length == times.Distinct().Count(), $"{context}: a liquidation was applied twice");
        Assert.True(times.Length <= generated.Count, $"{context}: more liquidations than the stream had");

        // What the stream brought: of all orders the newest of each second, so those of this symbol that were sent.
        HashSet<long> seen = [.. times];
        long[] lost = [.. fixture.Venue.Ledger.Sent("!forceOrder@arr")
            .Where(message => own.Contains(message.Id) && !seen.Contains(message.Id))
            .Where(message => own.Contains(message.Id) && !IsOfAnother(fixture, symbol, message.Id))
            .Where(message => !declared.Any(gap => gap.Feed == Feed.Liquidations && IsWithin(gap, message.EventTime)))
            .Select(static message => message.Id)];
        Assert.True(lost.Length == 0, $"{context}: {lost.Length} liquidations lost, first {lost.FirstOrDefault()}");
    }

    private static void Missing(
        IEnumerable<(long Id, long EventTime)> generated,
        long[] ids,
        Feed feed,
        Gap[] declared,
        Func<Feed, long, bool> excused,
        string context)
    {
        if (ids.Length == 0)
        {
            return;
        }

        HashSet<long> seen = [.. ids];
        long[] lost = [.. generated
            .Where(message => message.Id >= ids.Min() && message.Id <= ids.Max() && !seen.Contains(message.Id))
            .Where(message => !declared.Any(gap => gap.Feed == feed && IsWithin(gap, message.EventTime)))
            .Where(message => !excused(feed, message.EventTime))
            .Select(static message => message.Id)];
        Assert.True(
            lost.Length == 0,
            $"{context}: {lost.Length} of {feed} lost without a declared gap, first {lost.FirstOrDefault()}; declared: "
            + string.Join("; ", declared.Where(gap => gap.Feed == feed)));
    }

    private static bool IsWithin(Gap gap, long time) => gap.FromTime - 1_000 <= time && time <= gap.ToTime + 1_000;

    // The stream names no symbol in the ledger; two symbols may be hit in the same millisecond.
    private static bool IsOfAnother(NodeFixture fixture, string symbol, long time) => fixture.Venue.Symbols
        .Where(other => other != symbol).Any(
            other => fixture.Venue.Ledger.Liquidations(other).Any(order => order.Time == time));

    private static IEnumerable<AppliedEvent> Of(IReadOnlyList<AppliedEvent> applied, EventKind kind) =>
        applied.Where(e => e.Kind == kind);
}
