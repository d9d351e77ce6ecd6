using System.Globalization;
using System.Text;
using Feeds.Core.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Feeds.Tests.Core.Numerics;

public sealed class StrictNumberTests
{
    [Fact]
    public void Every_number_of_the_grammar_is_the_nearest_double_and_the_exact_decimal() =>
        Prop.ForAll<int>(seed =>
        {
            Random random = new(seed);
            for (int i = 0; i < 50; i++)
            {
                string text = Number(random);
                byte[] utf8 = Encoding.UTF8.GetBytes(text);
                Assert.True(StrictNumber.TryParseDouble(utf8, out double value), text);
                double expected = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
                Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(value));
                string digits = text.TrimStart('-').Replace(".", string.Empty, StringComparison.Ordinal).TrimStart('0');
                int decimals = text.Contains('.', StringComparison.Ordinal)
                    ? text.Length - text.IndexOf('.', StringComparison.Ordinal) - 1 : 0;
                bool fits = digits.Length <= 28 && decimals <= 28;
                Assert.Equal(fits, StrictNumber.TryParseDecimal(utf8, out decimal exact));
                if (fits)
                {
                    Assert.Equal(
                        decimal.GetBits(decimal.Parse(text, CultureInfo.InvariantCulture))[..3],
                        decimal.GetBits(exact)[..3]);
                    Assert.Equal(decimal.Parse(text, CultureInfo.InvariantCulture), exact);
                }
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_long_is_read_back() =>
        Prop.ForAll<long>(value =>
        {
            Assert.True(
                StrictNumber.TryParseInt64(
                    Encoding.UTF8.GetBytes(value.ToString(CultureInfo.InvariantCulture)), out long read));
            Assert.Equal(value, read);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("-9223372036854775808", true)]
    [InlineData("9223372036854775807", true)]
    [InlineData("9223372036854775808", false)]
    [InlineData("-9223372036854775809", false)]
    [InlineData("18446744073709551616", false)]
    [InlineData("1.0", false)]
    [InlineData("1.", false)]
    public void A_long_is_whole_and_in_range(string text, bool valid) =>
        Assert.Equal(valid, StrictNumber.TryParseInt64(Encoding.UTF8.GetBytes(text), out _));

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("-.5")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("1,5")]
    [InlineData("1_5")]
    [InlineData("+1")]
    [InlineData("--1")]
    [InlineData("1-")]
    [InlineData("1.2.3")]
    [InlineData("1e5")]
    [InlineData("1e999")]
    [InlineData("1E-7")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-Infinity")]
    [InlineData("∞")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1\t")]
    [InlineData("0x10")]
    [InlineData("١٢")]
    [InlineData("1\0")]
    [InlineData("(1)")]
    [InlineData("$1")]
    [InlineData("null")]
    [InlineData("00000000000000000000000000000000000000000000000000000000000000001")]
    public void What_is_no_number_is_refused_by_all(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Assert.False(StrictNumber.TryParseDouble(utf8, out double d));
        Assert.False(StrictNumber.TryParseDecimal(utf8, out decimal m));
        Assert.False(StrictNumber.TryParseInt64(utf8, out long l));
        Assert.Equal((0d, 0m, 0L), (d, m, l));
    }

    [Fact]
    public void Digits_that_a_decimal_would_round_are_refused()
    {
        byte[] tooManyDigits = "1234567890123456789012345678901234567890.5"u8.ToArray();
        Assert.False(StrictNumber.TryParseDecimal(tooManyDigits, out _));
        Assert.False(StrictNumber.TryParseDecimal("0.00000000000000000000000000001"u8, out _));
        Assert.True(StrictNumber.TryParseDouble(tooManyDigits, out double value));
        Assert.Equal(1234567890123456789012345678901234567890.5, value);
    }

    private static string Number(Random random)
    {
        StringBuilder text = new();
        text.Append(random.Next(3) == 0 ? "-" : string.Empty);
        int whole = random.Next(1, random.Next(1, 32));
        for (int i = 0; i < whole; i++)
        {
            text.Append((char)('0' + random.Next(10)));
        }

        if (random.Next(4) > 0)
        {
            text.Append('.');
            int decimals = random.Next(1, random.Next(2, 32));
            for (int i = 0; i < decimals; i++)
            {
                text.Append((char)('0' + random.Next(10)));
            }
        }

        return text.ToString();
    }
}
