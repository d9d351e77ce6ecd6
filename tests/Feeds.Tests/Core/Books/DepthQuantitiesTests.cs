using Feeds.Core.Books;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Feeds.Tests.Core.Books;

public sealed class DepthQuantitiesTests
{
    private static readonly int[] Depths = [1, 5, 10, 20];

    [Fact]
    public void Every_depth_has_the_bits_of_a_sum_of_its_own() =>
        Prop.ForAll<int>(seed =>
        {
            Random random = new(seed);
            DepthQuantities quantities = new(Depths);
            for (int round = 0; round < 5; round++)
            {
                BookLevels book = Any(random);
                quantities.Read(book);
                for (int i = 0; i < Depths.Length; i++)
                {
                    int depth = Depths[i];
                    bool isDeep = book.BidCount >= depth && book.AskCount >= depth;
                    Same(isDeep ? BookMeasures.DepthRatio(book, depth) : double.NaN, quantities.Ratio(i));
                    Same(isDeep ? Slope(book, depth) : double.NaN, quantities.SlopeImbalance(i, book));
                }
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Sides_without_quantity_have_no_ratio()
    {
        BookLevels book = new(2);
        book.BidBuffer[0] = new(99, 0);
        book.AskBuffer[0] = new(101, 0);
        book.SetCounts(1, 1);
        DepthQuantities quantities = new(1);
        quantities.Read(book);
        Assert.True(double.IsNaN(quantities.Ratio(0)));
        Assert.True(double.IsNaN(quantities.SlopeImbalance(0, book)));
    }

    private static void Same(double expected, double actual) =>
        Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(actual));

    private static double Slope(BookLevels book, int depth)
    {
        double mid = BookMeasures.Mid(book);
        double bids = Sum(book.Bids, depth) / (10_000 * (mid - book.Bids[depth - 1].Price) / mid);
        double asks = Sum(book.Asks, depth) / (10_000 * (book.Asks[depth - 1].Price - mid) / mid);
        return (bids - asks) / (bids + asks);
    }

    private static double Sum(ReadOnlySpan<PriceLevel> side, int depth)
    {
        double sum = 0;
        for (int i = 0; i < depth; i++)
        {
            sum += side[i].Quantity;
        }

        return sum;
    }

    private static BookLevels Any(Random random)
    {
        BookLevels book = new(25);
        for (int i = 0; i < 25; i++)
        {
            book.BidBuffer[i] = new(100 - (i * 0.1), random.Next(10) == 0 ? 0 : random.NextDouble() * 100);
            book.AskBuffer[i] = new(100.1 + (i * 0.1), random.NextDouble() / 3);
        }

        book.SetCounts(
            random.Next(3) > 0 ? 25 - random.Next(6) : random.Next(25), random.Next(3) > 0 ? 20 : random.Next(26));
        return book;
    }
}
