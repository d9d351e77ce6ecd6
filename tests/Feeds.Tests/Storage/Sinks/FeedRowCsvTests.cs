using System.Buffers;
using System.Globalization;
using System.Text;
using Feeds.Core.Symbols;
using Feeds.Storage.Sinks;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Feeds.Tests.Storage.Sinks;

public sealed class FeedRowCsvTests
{
    [Fact]
    public void A_row_is_written_to_the_letter()
    {
        Assert.Equal(
            "2026-11-21T03:30:00.000Z,BTCUSDT,12345.678,,-0.0001,1.5E-07,0,250000.25,1,0.6666666666666666,12.5,depth:stale;oi:http_429",
            FeedRowCsv.ToLine(Rows.Row("BTCUSDT", 0, "depth:stale;oi:http_429")));
        Assert.Equal(12, FeedRowCsv.Columns.Count);
    }

    [Fact]
    public void A_negative_number_stays_a_number() =>
        Assert.Equal("-0.01", FeedRowCsv.SplitCells(FeedRowCsv.ToLine(Rows.Row("BTCUSDT", 0, funding: -0.01)))[4]);

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\\t=1")]
    [InlineData("\r=1", "'\\r=1")]
    [InlineData("＝1", "'＝1")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"no\"", "\"say \"\"no\"\"\"")]
    [InlineData("two\nlines", "two\\nlines")]
    [InlineData("depth:stale", "depth:stale")]
    public void Text_that_a_spreadsheet_would_run_or_split_is_made_harmless(string text, string cell) =>
        Assert.Equal(cell, Cell(text));

    [Fact]
    public void Any_text_reads_back_and_never_breaks_its_line() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<string>().Filter(text => text is not null),
            text =>
            {
                string cell = Cell(text);
                return CsvText.Read(cell) == text
                    && !cell.AsSpan().ContainsAny("\r\n\0\u2028\u2029")
                    && FeedRowCsv.SplitCells($"a,{cell},b").Count == 3;
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_finite_number_reads_back_to_the_bit() =>
        Prop.ForAll<double>(number =>
        {
            string cell = FeedRowCsv.SplitCells(FeedRowCsv.ToLine(Rows.Row("BTCUSDT", 0, funding: number)))[4];
            return double.IsFinite(number)
                ? BitConverter.DoubleToInt64Bits(
                    double.Parse(cell, CultureInfo.InvariantCulture)) == BitConverter.DoubleToInt64Bits(number)
                : cell.Length == 0;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Another_culture_changes_nothing()
    {
        string expected = FeedRowCsv.ToLine(Rows.Row("币安人生USDT", 3));
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("ar-SA");
            Assert.Equal(expected, FeedRowCsv.ToLine(Rows.Row("币安人生USDT", 3)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void The_key_of_a_line_is_its_tick_and_symbol()
    {
        FeedRow row = Rows.Row("币安人生USDT", 7);
        byte[] line = Encoding.UTF8.GetBytes(FeedRowCsv.ToLine(row));
        Assert.True(FeedRowCsv.TryReadKey(line, out long tick, out ReadOnlySpan<byte> symbol));
        Assert.Equal(row.TickTime, tick);
        Assert.Equal("币安人生USDT", Encoding.UTF8.GetString(symbol));
    }

    [Theory]
    [InlineData("")]
    [InlineData("timestamp,symbol")]
    [InlineData("2026-13-21T03:30:00.000Z,A,")]
    [InlineData("2026-02-30T03:30:00.000Z,A,")]
    [InlineData("2026-11-21T24:30:00.000Z,A,")]
    [InlineData("2026-11-21T03:30:0x.000Z,A,")]
    [InlineData("2026-11-21T03:30:00.000Z")]
    [InlineData("2026-11-21T03:30:00.000Z,")]
    [InlineData("2026-11-21T03:30:00.000Z,A")]
    public void What_is_no_row_has_no_key(string line) =>
        Assert.False(FeedRowCsv.TryReadKey(Encoding.UTF8.GetBytes(line), out _, out _));

    private static string Cell(string text)
    {
        ArrayBufferWriter<byte> output = new();
        CsvText.Write(text, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
