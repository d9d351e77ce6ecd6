using System.Globalization;
using System.Text;
using Feeds.Simulator.Server;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Feeds.Tests.Simulator.Server;

public sealed class FrameWriterTests
{
    [Fact]
    public void A_decimal_reads_back_as_what_was_written_with_all_its_digits()
    {
        Prop.ForAll<long, byte>((units, digits) =>
        {
            int decimals = digits % 9;
            string text = Encoding.UTF8.GetString(new FrameWriter().Fixed(units, decimals).Written);
            decimal scale = (decimal)Math.Pow(10, decimals);
            int point = text.IndexOf('.', StringComparison.Ordinal);
            return decimal.Parse(text, CultureInfo.InvariantCulture) == units / scale
                && (decimals == 0 ? point < 0 : text.Length - point - 1 == decimals)
                && text.TrimStart('-')[0] != '.';
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(0, 2, "0.00")]
    [InlineData(5, 3, "0.005")]
    [InlineData(-5, 1, "-0.5")]
    [InlineData(1234, 0, "1234")]
    [InlineData(0, 0, "0")]
    public void Small_numbers_have_a_digit_before_the_point(long units, int decimals, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(new FrameWriter().Fixed(units, decimals).Written));

    [Fact]
    public void Sums_beyond_64_bits_are_written_whole()
    {
        Int128 units = (Int128)long.MaxValue * 1000;
        Assert.Equal(
            "9223372036854775807.000", Encoding.UTF8.GetString(new FrameWriter().Fixed(units, 3).Written));
    }
}
