using System.Globalization;
using Feeds.Core.Catalogue;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Xunit;

namespace Feeds.Tests.Core.Catalogue;

/// <summary>The wide set over recorded bars, held against the values of another program.</summary>
public sealed class WideSetTests
{
    private const string Expected = "expected";

    // Chained values may differ by 1e-7, as each step's rounding goes into the next.
    private static readonly string[] Chained =
    [
        "rsi", "macd", "adx", "_di_", "atr", "natr", "ema", "obv_288", "ad_line_288", "volume_price_trend_288",
        "force_index",
    ];

    [Theory]
    [InlineData("NEARUSDT", "FILUSDT")]
    [InlineData("FILUSDT", "NEARUSDT")]
    public void Every_value_agrees_with_the_expected_one(string symbol, string peer)
    {
        List<Dictionary<string, string>> expected = [.. RecordedHistory.Read(Expected, "wide.csv.gz").Where(
            r => r["symbol"] == symbol)];
        Dictionary<long, FeatureRow> rows = Fold(symbol, Events(symbol, peer)).ToDictionary(r => r.Time);
        List<string> wrong = [];
        foreach (string column in FeatureCatalogue.Wide.Columns)
        {
            int index = FeatureCatalogue.Wide.IndexOf(column);
            double[] magnitudes = [.. expected.Select(r => Math.Abs(RecordedHistory.Value(r[column]))).Where(
                v => !double.IsNaN(v)).Order()];
            double median = magnitudes.Length == 0 ? 0 : magnitudes[magnitudes.Length / 2];
            double tolerance = Chained.Any(c => column.Contains(c, StringComparison.Ordinal)) ? 1e-7 : 1e-9;
            int faults = 0;
            foreach (Dictionary<string, string> row in expected)
            {
                double want = RecordedHistory.Value(row[column]);
                double got = rows[RecordedHistory.Time(row["time"])].Values[index];
                bool equal = double.IsNaN(want) || double.IsNaN(got)
                    ? double.IsNaN(want) && double.IsNaN(got)
                    : Math.Abs(want - got) <= tolerance * Math.Max(
                        Math.Max(Math.Abs(want), Math.Abs(got)), 0.01 * median);
                if (!equal && faults++ == 0)
                {
                    wrong.Add(
                        string.Create(
                            CultureInfo.InvariantCulture, $"{column} at {row["time"]}: {want:R}, was {got:R}"));
                }
            }

            if (faults > 0)
            {
                wrong[^1] += $" ({faults} of {expected.Count} rows)";
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} columns:\n" + string.Join('\n', wrong));
        Assert.Equal(865, expected.Count);
    }

    [Fact]
    public void The_columns_are_those_of_the_specification_in_order()
    {
        string[] columns = [.. RecordedHistory.Read(Expected, "wide.csv.gz").First().Keys.Skip(2)];
        Assert.Equal(columns, FeatureCatalogue.Wide.Columns);
    }

    internal static List<FeatureRow> Fold(string symbol, List<MarketEvent> events)
    {
        Symbol own = Symbol.Parse(symbol);
        WideState state = new(own, Context());
        List<FeatureRow> rows = [];
        foreach (MarketEvent e in events)
        {
            if (state.Admit(e) == Admission.Accepted)
            {
                state.Apply(e, rows);
            }
        }

        return rows;
    }

    internal static ContextSymbols Context() => new(
        Symbol.Parse("BTCUSDT"), Symbol.Parse("ETHUSDT"), [Symbol.Parse("NEARUSDT"), Symbol.Parse("FILUSDT")]);

    internal static List<MarketEvent> Events(string symbol, string peer)
    {
        List<MarketEvent> events = [];
        foreach (Bar bar in RecordedHistory.Bars($"{symbol}-1m-2025-06.csv.gz").Where(InRange))
        {
            events.Add(MarketEvent.ForBar(bar, bar.EndTime, bar.EndTime, isFromStream: false));
        }

        foreach ((string other, string file) in ((string, string)[])[
            (peer, $"{peer}-1m-2025-06.csv.gz"),
            ("BTCUSDT", "BTCUSDT-1m-2025-06-06_2025-06-13.csv"),
            ("ETHUSDT", "ETHUSDT-1m-2025-06-07_2025-06-13.csv")])
        {
            Symbol context = Symbol.Parse(other);
            events.AddRange(
                RecordedHistory.Bars(file).Where(InRange).Select(
                    b => MarketEvent.ForContextBar(new ContextBar(context, b), b.EndTime)));
        }

        foreach (Dictionary<string, string> row in RecordedHistory.Read(
            Expected, "inputs", "wide", $"{symbol}-fundingRate.csv.gz"))
        {
            long time = long.Parse(row["calc_time"], CultureInfo.InvariantCulture);
            events.Add(
                MarketEvent.ForFunding(
                    new FundingSettlement(time, RecordedHistory.Number(row["last_funding_rate"]), null), time));
        }

        if (symbol == "NEARUSDT")
        {
            events.AddRange(OnlyNear());
        }

        long first = RecordedHistory.Time("2025-06-01 00:00:00");
        for (long tick = first + WideState.BarMs; tick <= RecordedHistory.Time(
            "2025-06-11 12:00:00"); tick += WideState.BarMs)
        {
            events.Add(MarketEvent.ForTick(tick + AvailableTime.BarLagMs, tick + AvailableTime.BarLagMs));
        }

        return [.. events.OrderBy(e => e.ReceiveTime)];
    }

    private static IEnumerable<MarketEvent> OnlyNear()
    {
        yield return MarketEvent.ForFeedConnected(Feed.Liquidations, RecordedHistory.Time("2025-06-01 00:00:00"));
        foreach (Dictionary<string, string> row in RecordedHistory.Read(
            Expected, "inputs", "wide", "NEARUSDT-metrics.csv.gz"))
        {
            long time = RecordedHistory.Time(row["create_time"]);
            yield return MarketEvent.ForOpenInterest(
                new OpenInterestRecord(
                    300_000, RecordedHistory.Number(row["sum_open_interest"]),
                    RecordedHistory.Number(row["sum_open_interest_value"])),
                time,
                time);
            yield return MarketEvent.ForLongShortRatio(
                new LongShortRatio(
                    RatioKind.TopAccounts, 300_000, RecordedHistory.Number(row["count_toptrader_long_short_ratio"]), 0,
                    0), time, time);
        }

        foreach (Dictionary<string, string> row in RecordedHistory.Read(
            Expected, "inputs", "wide", "NEARUSDT-liquidationSnapshot.csv.gz"))
        {
            long time = long.Parse(row["time"], CultureInfo.InvariantCulture);
            yield return MarketEvent.ForLiquidation(
                time, time, row["side"] == "SELL" ? Side.Sell : Side.Buy, RecordedHistory.Value(row["average_price"]),
                RecordedHistory.Value(row["accumulated_fill_quantity"]),
                RecordedHistory.Value(row["original_quantity"]));
        }

        foreach ((string table, Func<Bar, MarketEvent> make) in ((string, Func<Bar, MarketEvent>)[])[
            ("mark", b => MarketEvent.ForMarkBar(b, b.EndTime)), ("index", b => MarketEvent.ForIndexBar(b, b.EndTime))])
        {
            foreach (Dictionary<string, string> row in RecordedHistory.Read(
                Expected, "inputs", "wide", $"NEARUSDT-{table}PriceKlines.csv.gz"))
            {
                decimal close = RecordedHistory.Number(row["close"]);
                yield return make(new Bar(
                    long.Parse(row["open_time"], CultureInfo.InvariantCulture), 300_000, close, close, close, close, 0,
                    0, 0, 0, 0));
            }
        }
    }

    private static bool InRange(Bar bar) => bar.OpenTime < RecordedHistory.Time("2025-06-11 12:00:00");
}
