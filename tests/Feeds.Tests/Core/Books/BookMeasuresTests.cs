using Feeds.Core.Books;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Feeds.Tests.Core.Books;

public sealed class BookMeasuresTests
{
    [Fact]
    public void A_worked_book_has_these_measures()
    {
        BookLevels book = Book([(99, 3), (98, 1)], [(101, 1), (102, 5)]);
        Assert.Equal(0.75, BookMeasures.Imbalance(book, 1));
        Assert.Equal(0.4, BookMeasures.Imbalance(book, 2), 15);
        Assert.Equal(0.4, BookMeasures.Imbalance(book, 20), 15);
        Assert.Equal(-0.2, BookMeasures.DepthRatio(book, 2), 15);
        Assert.Equal(100, BookMeasures.Mid(book));
        Assert.Equal(200, BookMeasures.SpreadBps(book));
        Assert.Equal(((99 * 1) + (101 * 3)) / 4.0, BookMeasures.Microprice(book));
        Assert.False(BookMeasures.IsCrossed(book));
        Assert.True(BookMeasures.IsCrossed(Book([(102, 1)], [(101, 1)])));
        Assert.False(BookMeasures.IsCrossed(Book([(101, 1)], [(101, 1)])));
    }

    [Fact]
    public void What_a_missing_side_leaves_unknown_is_NaN()
    {
        BookLevels bidsOnly = Book([(99, 3)], []);
        Assert.Equal(1, BookMeasures.Imbalance(bidsOnly, 3));
        Assert.True(double.IsNaN(BookMeasures.Mid(bidsOnly)));
        Assert.True(double.IsNaN(BookMeasures.SpreadBps(bidsOnly)));
        Assert.True(double.IsNaN(BookMeasures.Microprice(bidsOnly)));
        BookLevels hollow = Book([(99, 0)], [(101, 0)]);
        Assert.True(double.IsNaN(BookMeasures.Imbalance(hollow, 3)));
        Assert.True(double.IsNaN(BookMeasures.DepthRatio(hollow, 3)));
        Assert.True(double.IsNaN(BookMeasures.Microprice(hollow)));
    }

    [Fact]
    public void Measures_agree_with_sums_over_sorted_lists() =>
        Prop.ForAll<int>(seed =>
        {
            Random random = new(seed);
            (double, double)[] bids = Side(random);
            (double, double)[] asks = Side(random);
            BookLevels book = Book(bids, asks);
            book.Sort();
            (double Price, double Quantity)[] best = [.. bids.OrderByDescending(l => l.Item1)];
            (double Price, double Quantity)[] bestAsks = [.. asks.OrderBy(l => l.Item1)];
            Assert.Equal(best.Select(l => l.Price), book.Bids.ToArray().Select(l => l.Price));
            Assert.Equal(bestAsks.Select(l => l.Price), book.Asks.ToArray().Select(l => l.Price));
            for (int depth = 1; depth <= 20; depth++)
            {
                double b = best.Take(depth).Sum(l => l.Quantity);
                double a = bestAsks.Take(depth).Sum(l => l.Quantity);
                Assert.Equal(b / (a + b), BookMeasures.Imbalance(book, depth), 1e-12);
                Assert.Equal((b - a) / (a + b), BookMeasures.DepthRatio(book, depth), 1e-12);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Sort_keeps_levels_whole_and_equal_prices_in_order()
    {
        BookLevels book = Book([(1, 10), (3, 30), (2, 20), (3, 31)], [(3, 30), (1, 10), (2, 20)]);
        book.Sort();
        Assert.Equal([30, 31, 20, 10], book.Bids.ToArray().Select(l => l.Quantity));
        Assert.Equal([10, 20, 30], book.Asks.ToArray().Select(l => l.Quantity));
    }

    [Fact]
    public void Counts_beyond_the_buffer_are_refused()
    {
        BookLevels levels = new(2);
        Assert.Throws<ArgumentOutOfRangeException>(() => levels.SetCounts(3, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => levels.SetCounts(0, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BookLevels(0));
    }

    [Fact]
    public void A_pool_gives_buffers_back_empty_and_keeps_no_more_than_told()
    {
        BookLevelsPool pool = new(3, keep: 1);
        BookLevels first = pool.Rent();
        BookLevels second = pool.Rent();
        first.SetCounts(2, 3);
        pool.Return(first);
        pool.Return(second);
        pool.Return(new BookLevels(4));
        pool.Return(null);
        BookLevels again = pool.Rent();
        Assert.Same(first, again);
        Assert.Equal((0, 0), (again.BidCount, again.AskCount));
        Assert.NotSame(second, pool.Rent());
    }

    internal static BookLevels Book((double Price, double Quantity)[] bids, (double Price, double Quantity)[] asks)
    {
        BookLevels book = new(20);
        for (int i = 0; i < bids.Length; i++)
        {
            book.BidBuffer[i] = new PriceLevel(bids[i].Price, bids[i].Quantity);
        }

        for (int i = 0; i < asks.Length; i++)
        {
            book.AskBuffer[i] = new PriceLevel(asks[i].Price, asks[i].Quantity);
        }

        book.SetCounts(bids.Length, asks.Length);
        return book;
    }

    private static (double, double)[] Side(Random random) =>
        [.. Enumerable.Range(0, random.Next(1, 21)).Select(
            _ => ((double)random.Next(1, 1000), 1 + (random.NextDouble() * 10)))];
}
