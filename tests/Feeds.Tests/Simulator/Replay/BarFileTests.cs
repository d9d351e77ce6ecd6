using System.Globalization;
using System.Text;
using Feeds.Core;
using Feeds.Simulator.Replay;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using Trade = Feeds.Simulator.Replay.Record;

namespace Feeds.Tests.Simulator.Replay;

public sealed class BarFileTests
{
    [Fact]
    public void Trades_of_any_bar_add_up_to_it_exactly()
    {
        Gen<int[]> numbers = Gen.Choose(0, 1_000_000).ArrayOf(7);
        Prop.ForAll(numbers.ToArbitrary(), static n => Holds(n)).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("open_time,open,high,low,close\n1,1,1,1,1", "no column volume")]
    [InlineData("open_time,open,high,low,close,volume\n1,1,x,1,1,5", "'x' is not a number")]
    [InlineData("open_time,open,high,low,close,volume\nnever,1,1,1,1,5", "line 2: 'never' is not a time")]
    [InlineData("open_time,open,high,low,close,volume\n1,1", "line 2 is too short")]
    public void A_wrong_file_is_refused_with_the_place(string text, string part)
    {
        FeedsException error = Assert.Throws<FeedsException>(
            () => BarFile.Read("XUSDT-1m.csv", Encoding.UTF8.GetBytes(text)));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    private static bool Holds(int[] n)
    {
        int low = 1 + (n[0] % 5000);
        int high = low + (n[1] % 50);
        int open = low + (n[2] % (high - low + 1));
        int close = low + (n[3] % (high - low + 1));
        int volume = n[4] % 3 == 0 ? 4 + (n[4] % 30) : 4 + n[4];
        int bought = n[5] % (volume + 1);
        int count = 4 + (n[6] % 200);
        string text = "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume\n"
            + string.Create(
                CultureInfo.InvariantCulture,
                $"1706745600000,{P(open)},{P(high)},{P(low)},{P(close)},{Q(volume)},1706745659999,1,{count},"
                + $"{Q(bought)}\n");
        Recording recording = BarFile.Read("XUSDT-1m.csv", Encoding.UTF8.GetBytes(text));
        recording.Settle(0);
        List<Trade> trades = recording.Records;
        return trades.Count <= BarFile.TradesPerBar
            && trades.All(static t => t.Quantity > 0 && t.Time is >= 1706745600000 and < 1706745660000)
            && trades[0].Price == open && trades[^1].Price == close
            && trades.Max(static t => t.Price) == high && trades.Min(static t => t.Price) == low
            && trades.Sum(static t => t.Quantity) == volume
            && trades.Where(static t => !t.BuyerIsMaker).Sum(static t => t.Quantity) == bought
            && trades.Sum(static t => t.LastId - t.FirstId + 1) >= Math.Min(count, trades.Count);
    }

    private static string P(int units) => (units / 1000m).ToString("0.000", CultureInfo.InvariantCulture);

    private static string Q(int units) => (units / 10m).ToString("0.0", CultureInfo.InvariantCulture);
}
