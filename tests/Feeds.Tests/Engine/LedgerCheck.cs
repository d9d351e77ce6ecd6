using Feeds.Core.Market;
using Feeds.Simulator.Ledgers;
using Feeds.Simulator.Markets;
using Xunit;

namespace Feeds.Tests.Engine;

/// <summary>The venue's account against what the node applied: nothing lost but what was declared, nothing doubled, nothing made up.</summary>
internal static class LedgerCheck
{
    /// <summary>Checks all feeds of a symbol that streams bring. With <paramref name="gaps"/>, declared gaps excuse what lies in them.</summary>
    public static void Holds(NodeFixture fixture, string symbol, bool gaps = false, string context = "")
    {
        IReadOnlyList<AppliedEvent> applied = fixture.Applied(symbol);
        string stream = symbol.ToLowerInvariant();
        Gap[] declared = gaps ? [.. applied.Select(static e => e.Gap).OfType<Gap>()] : [];
        if (!gaps)
        {
            Assert.DoesNotContain(applied, static e => e.Gap is not null);
        }

        Trades(fixture, symbol, applied, declared, context);
        Marks(fixture.Venue.Ledger.Generated(stream + "@markPrice@1s"), applied, declared, context + " " + symbol);
        Books(fixture.Venue.Ledger.Generated(stream + "@depth20@100ms"), applied, declared, context + " " + symbol);
        Bars(applied, context + " " + symbol);
        Liquidations(fixture.Venue.Ledger.Generated("!forceOrder@arr"), fixture, symbol, applied, context + " " + symbol);
    }

    private static void Trades(
        NodeFixture fixture, string symbol, IReadOnlyList<AppliedEvent> applied, Gap[] declared, string context)
    {
        long[] ids = [.. Of(applied, EventKind.Trade).Select(static e => e.Id)];
        Assert.True(ids.Length == ids.Distinct().Count(), $"{context} {symbol}: a trade was applied twice");
        if (ids.Length == 0)
        {
            return;
        }

        HashSet<long> seen = [.. ids];
        IEnumerable<TradePrint> expected = fixture.Venue.Ledger.Trades(symbol).Where(trade => trade.Id >= ids.Min() && trade.Id <= ids.Max());
        long[] lost = [.. expected.Select(static trade => trade.Id).Where(id => !seen.Contains(id)
            && !declared.Any(gap => gap.Feed == Feed.Trades && gap.FromId <= id && id <= gap.ToId))];
        Assert.True(lost.Length == 0, $"{context} {symbol}: {lost.Length} trades lost, first {lost.FirstOrDefault()}");
        HashSet<long> known = [.. fixture.Venue.Ledger.Trades(symbol).Select(static trade => trade.Id)];
        Assert.True(known.IsSupersetOf(seen.Where(id => id >= known.Min())), $"{context} {symbol}: a trade was made up");
    }

    private static void Marks(
        IReadOnlyList<LedgerMessage> generated, IReadOnlyList<AppliedEvent> applied, Gap[] declared, string context)
    {
        long[] times = [.. Of(applied, EventKind.Mark).Select(static e => e.EventTime)];
        Assert.True(times.Length == times.Distinct().Count(), $"{context}: a mark was applied twice");
        Missing(generated.Select(static message => (message.Id, message.EventTime)), times, Feed.Mark, declared, context);
    }

    private static void Books(
        IReadOnlyList<LedgerMessage> generated, IReadOnlyList<AppliedEvent> applied, Gap[] declared, string context)
    {
        AppliedEvent[] books = [.. Of(applied, EventKind.Book)];
        long[] ids = [.. books.Select(static e => e.Id)];
        Assert.True(ids.Zip(ids.Skip(1)).All(static pair => pair.First < pair.Second), $"{context}: books out of order or doubled");

        // A book may be replaced by a newer one in the mailbox; how many were is told by the one that was applied.
        if (books.All(static e => e.Conflated == 0))
        {
            Missing(generated.Select(static message => (message.Id, message.EventTime)), ids, Feed.Depth, declared, context);
        }
    }

    private static void Bars(IReadOnlyList<AppliedEvent> applied, string context)
    {
        long[] opened = [.. Of(applied, EventKind.Bar).Select(static e => e.Id)];
        Assert.True(
            opened.Order().Zip(opened.Order().Skip(1)).All(static pair => pair.Second - pair.First == Bar.Minute),
            $"{context}: bars {string.Join(' ', opened)}");
    }

    private static void Liquidations(
        IReadOnlyList<LedgerMessage> generated, NodeFixture fixture, string symbol, IReadOnlyList<AppliedEvent> applied, string context)
    {
        long[] times = [.. Of(applied, EventKind.Liquidation).Select(static e => e.EventTime)];
        HashSet<long> own = [.. fixture.Venue.Ledger.Liquidations(symbol).Select(static order => order.Time)];
        Assert.True(own.IsSupersetOf(times), $"{context}: a liquidation was made up");
        Assert.True(times.Length == times.Distinct().Count(), $"{context}: a liquidation was applied twice");
        Assert.True(times.Length <= generated.Count, $"{context}: more liquidations than the stream had");
    }

    private static void Missing(
        IEnumerable<(long Id, long EventTime)> generated, long[] ids, Feed feed, Gap[] declared, string context)
    {
        if (ids.Length == 0)
        {
            return;
        }

        HashSet<long> seen = [.. ids];
        long[] lost = [.. generated
            .Where(message => message.Id >= ids.Min() && message.Id <= ids.Max() && !seen.Contains(message.Id))
            .Where(message => !declared.Any(
                gap => gap.Feed == feed && gap.FromTime - 1_000 <= message.EventTime && message.EventTime <= gap.ToTime + 1_000))
            .Select(static message => message.Id)];
        Assert.True(lost.Length == 0, $"{context}: {lost.Length} of {feed} lost without a declared gap, first {lost.FirstOrDefault()}");
    }

    private static IEnumerable<AppliedEvent> Of(IReadOnlyList<AppliedEvent> applied, EventKind kind) =>
        applied.Where(e => e.Kind == kind);
}
