using Feeds.Binance.Books;
using Feeds.Binance.Rest;
using Feeds.Binance.Wire;
using Feeds.Core.Books;
using Xunit;

namespace Feeds.Tests.Binance.Books;

public sealed class CertifiedBookTests
{
    private const int Levels = 3;

    private readonly CertifiedBook _book = new(Levels, Levels);

    [Fact]
    public void It_is_valid_once_a_change_holds_the_snapshots_id_and_not_before()
    {
        Assert.Equal(BookStep.Waiting, Apply(101, 110, 100));
        Assert.Equal(SnapshotWish.Restore, _book.Wish);
        Assert.Equal(BookStep.Waiting, Apply(111, 120, 110, bid: (99, 7)));
        _book.Offer(Snapshot(115));
        Assert.Equal(BookStep.Restored, Apply(121, 130, 120, ask: (102, 8)));
        Assert.True(_book.IsValid);
        Assert.Equal(SnapshotWish.None, _book.Wish);
        Assert.Equal(130, _book.LastUpdateId);
        Assert.Equal("100x5 99x7 98x5 | 101x5 102x8 103x5", Best());
    }

    [Fact]
    public void A_change_that_names_the_snapshot_as_its_predecessor_continues_it()
    {
        Apply(90, 100, 89);
        _book.Offer(Snapshot(100));
        Assert.Equal(BookStep.Restored, Apply(103, 110, 100));
    }

    [Fact]
    public void A_snapshot_ahead_of_the_stream_waits_for_its_change()
    {
        Apply(101, 110, 100);
        _book.Offer(Snapshot(125));
        Assert.Equal(BookStep.Waiting, Apply(111, 120, 110, bid: (100, 1)));
        Assert.True(_book.HasSnapshot);
        Assert.Equal(BookStep.Restored, Apply(121, 130, 120));
        Assert.Equal("100x5 99x5 98x5 | 101x5 102x5 103x5", Best());
    }

    [Fact]
    public void A_snapshot_older_than_all_that_was_kept_is_refused_and_what_was_kept_serves_the_next()
    {
        Apply(101, 110, 100, bid: (99, 9));
        _book.Offer(Snapshot(90));
        Assert.Equal(BookStep.Waiting, Apply(111, 120, 110));
        Assert.Equal((1, SnapshotWish.Restore), (_book.TooOld, _book.Wish));
        _book.Offer(Snapshot(100));
        Assert.Equal(BookStep.Restored, Apply(121, 130, 120));
        Assert.Equal("100x5 99x9 98x5 | 101x5 102x5 103x5", Best());
    }

    [Fact]
    public void A_change_that_does_not_name_its_predecessor_breaks_the_book_at_once()
    {
        Restore();
        Assert.Equal(BookStep.Applied, Apply(111, 120, 110));
        Assert.Equal(BookStep.Broken, Apply(131, 140, 130));
        Assert.False(_book.IsValid);
        Assert.Equal((120, 1), (_book.LastUpdateId, _book.Breaks));
        Assert.Equal(BookStep.Waiting, Apply(141, 150, 140, bid: (97.5, 2)));
        _book.Offer(Snapshot(135));
        Assert.Equal(BookStep.Restored, Apply(151, 160, 150));
    }

    [Fact]
    public void Changes_that_two_overlapping_connections_bring_are_known()
    {
        Restore();
        Apply(111, 120, 110, bid: (100, 1));
        Assert.Equal(BookStep.Known, Apply(101, 110, 100, bid: (100, 9)));
        Assert.Equal(BookStep.Known, Apply(111, 120, 110, bid: (100, 9)));
        Assert.Equal(BookStep.Applied, Apply(121, 130, 120));
        Assert.StartsWith("100x1 ", Best(), StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_that_begin_anew_break_the_book_and_are_followed()
    {
        Restore();
        Assert.Equal(BookStep.Broken, Apply(2, 5, 1, time: 200));
        _book.Offer(Snapshot(4));
        Assert.Equal(BookStep.Restored, Apply(6, 9, 5, time: 201));
    }

    [Fact]
    public void What_lies_beyond_the_horizon_is_unknown_and_a_wider_snapshot_is_wanted_when_too_little_is_known()
    {
        // As many levels as were asked for: there may be more below 100 − 499.
        Apply(101, 110, 100);
        _book.Offer(Snapshot(110, CertifiedBook.SnapshotLevels));
        Assert.Equal(BookStep.Restored, Apply(111, 120, 110));
        Apply(121, 130, 120, bid: (-500, 5));
        Assert.Equal(SnapshotWish.None, _book.Wish);
        BookDelta all = Delta(
            131, 140, 130, 140, [.. Enumerable.Range(0, 495).Select(static i => new PriceLevel(100 - i, 0))], []);
        Assert.Equal(BookStep.Applied, _book.Apply(all));
        Assert.Equal(SnapshotWish.Widen, _book.Wish);
        Assert.True(_book.IsValid);
        BookLevels best = new(20);
        _book.CopyBest(best);
        Assert.Equal([-395.0, -396, -397], best.Bids.ToArray().Select(static level => level.Price));
    }

    [Fact]
    public void A_book_of_which_too_little_is_known_is_broken()
    {
        Apply(101, 110, 100);
        _book.Offer(Snapshot(110, CertifiedBook.SnapshotLevels));
        Assert.Equal(BookStep.Restored, Apply(111, 120, 110));
        PriceLevel[] gone = [.. Enumerable.Range(0, CertifiedBook.SnapshotLevels - 2).Select(
            static i => new PriceLevel(101 + i, 0))];
        Assert.Equal(BookStep.Broken, _book.Apply(Delta(121, 130, 120, 130, [], gone)));
    }

    [Fact]
    public void A_book_that_became_crossed_is_broken()
    {
        Restore();
        Assert.Equal(BookStep.Broken, Apply(111, 120, 110, bid: (101, 4)));
        Assert.False(_book.IsValid);
    }

    [Theory]
    [InlineData(5.0, BookStep.Applied, 0)]
    [InlineData(6.0, BookStep.Corrected, 1)]
    public void An_audit_holds_the_book_against_a_later_snapshot(double quantity, BookStep expected, int mismatches)
    {
        Restore();
        _book.RequestAudit();
        Assert.Equal(BookStep.Applied, Apply(111, 120, 110));
        Assert.Equal(SnapshotWish.Audit, _book.Wish);
        Assert.Equal(BookStep.Applied, Apply(121, 130, 120, ask: (101, 3)));
        _book.Offer(Snapshot(125, quantity: quantity));
        Assert.Equal(expected, Apply(131, 140, 130));
        Assert.Equal((1, mismatches), (_book.Audits, _book.Mismatches));
        Assert.True(_book.IsValid);
    }

    [Fact]
    public void What_is_kept_for_a_snapshot_that_never_comes_is_bounded()
    {
        for (int i = 0; i < 5_000; i++)
        {
            Apply(101 + (i * 10), 110 + (i * 10), 100 + (i * 10));
        }

        _book.Offer(Snapshot(110));
        Assert.Equal(BookStep.Waiting, Apply(50_101, 50_110, 50_100));
        Assert.Equal(1, _book.TooOld);
        _book.Offer(Snapshot(50_000));
        Assert.Equal(BookStep.Restored, Apply(50_111, 50_120, 50_110));
    }

    [Fact]
    public void By_chance_it_equals_a_book_that_knows_everything_whenever_it_is_valid()
    {
        Random random = new(5);
        for (int round = 0; round < 200; round++)
        {
            RandomRound(random);
        }
    }

    // A true book, its changes in a stream that loses some, snapshots that are late or ahead.
    private static void RandomRound(Random random)
    {
        CertifiedBook book = new(5, 5);
        SortedDictionary<double, double> bids = [];
        SortedDictionary<double, double> asks = [];
        Queue<BookSnapshot> snapshots = new();
        int valid = 0;
        long last = 1_000;
        for (int i = 0; i < 300; i++)
        {
            List<PriceLevel> bidChanges = Change(random, bids, 90, 100);
            List<PriceLevel> askChanges = Change(random, asks, 101, 111);
            long previous = last;
            last += 1 + random.Next(9);
            if (random.Next(60) > 0)
            {
                book.Apply(Delta(previous + 1, last, previous, last, [.. bidChanges], [.. askChanges]));
            }

            snapshots.Enqueue(new BookSnapshot(
                last,
                last,
                last,
                [.. bids.Reverse().Select(static level => new PriceLevel(level.Key, level.Value))],
                [.. asks.Select(static level => new PriceLevel(level.Key, level.Value))]));
            while (snapshots.Count > 1 + random.Next(12))
            {
                snapshots.Dequeue();
            }

            if (book.Wish != SnapshotWish.None && random.Next(4) == 0)
            {
                book.Offer(snapshots.Peek());
            }

            if (book.IsValid && book.LastUpdateId == last)
            {
                valid++;
                BookLevels best = new(5);
                book.CopyBest(best);
                Assert.Equal(
                    bids.Reverse().Take(5).Select(static level => new PriceLevel(level.Key, level.Value)),
                    best.Bids.ToArray());
                Assert.Equal(
                    asks.Take(5).Select(static level => new PriceLevel(level.Key, level.Value)), best.Asks.ToArray());
            }
        }

        Assert.True(valid > 50, $"valid {valid} times");
        Assert.Equal(0, book.Mismatches);
    }

    private static List<PriceLevel> Change(Random random, SortedDictionary<double, double> side, int from, int to)
    {
        List<PriceLevel> changes = [];
        for (int i = random.Next(4); i >= 0; i--)
        {
            double price = random.Next(from, to) + (0.1 * random.Next(10));
            double quantity = random.Next(3) == 0 ? 0 : random.Next(1, 100);
            if (changes.Exists(change => change.Price == price))
            {
                continue;
            }

            changes.Add(new PriceLevel(price, quantity));
            if (quantity > 0)
            {
                side[price] = quantity;
            }
            else
            {
                side.Remove(price);
            }
        }

        return changes;
    }

    // Valid at update 110, time 110.
    private void Restore()
    {
        Apply(91, 100, 90);
        _book.Offer(Snapshot(95));
        Assert.Equal(BookStep.Restored, Apply(101, 110, 100));
    }

    private BookStep Apply(
        long first, long last, long previous, (double Price, double Quantity)? bid = null,
        (double Price, double Quantity)? ask = null,
        long? time = null) =>
        _book.Apply(Delta(
            first,
            last,
            previous,
            time ?? last,
            bid is { } b ? [new PriceLevel(b.Price, b.Quantity)] : [],
            ask is { } a ? [new PriceLevel(a.Price, a.Quantity)] : []));

    private static BookDelta Delta(
        long first, long last, long previous, long time, PriceLevel[] bids, PriceLevel[] asks)
    {
        BookLevels levels = new(Math.Max(1, Math.Max(bids.Length, asks.Length)));
        bids.CopyTo(levels.BidBuffer);
        asks.CopyTo(levels.AskBuffer);
        levels.SetCounts(bids.Length, asks.Length);
        return new BookDelta(time, time, first, last, previous, levels);
    }

    private static BookSnapshot Snapshot(long id, int levels = 4, double quantity = 5) => new(
        id,
        id,
        id,
        [.. Enumerable.Range(0, levels).Select(i => new PriceLevel(100 - i, quantity))],
        [.. Enumerable.Range(0, levels).Select(i => new PriceLevel(101 + i, quantity))]);

    private string Best()
    {
        BookLevels best = new(20);
        _book.CopyBest(best);
        return string.Join(' ', best.Bids.ToArray().Select(static level => $"{level.Price}x{level.Quantity}"))
            + " | " + string.Join(' ', best.Asks.ToArray().Select(static level => $"{level.Price}x{level.Quantity}"));
    }
}
