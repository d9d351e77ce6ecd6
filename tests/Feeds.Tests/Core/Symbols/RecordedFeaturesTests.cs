using Feeds.Core.Catalogue;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Storage.Journals;
using Feeds.Storage.Replay;
using Feeds.Tests.Core.Catalogue;
using Feeds.Tests.Storage;
using Feeds.Tests.Time;
using Xunit;

namespace Feeds.Tests.Core.Symbols;

/// <summary>
/// The golden vector on recorded one-minute bars: live, out of the journal, in batch order and from history alone.
/// </summary>
public sealed class RecordedFeaturesTests
{
    private const int Minutes = 2_200;

    private static readonly Symbol Near = Symbol.Parse("NEARUSDT");
    private static readonly Symbol Fil = Symbol.Parse("FILUSDT");

    private static readonly SymbolSettings Settings = new(30_000, 3, SymbolSettings.AllFeeds)
    {
        Features = true,
        Context = new ContextSymbols(Fil, Fil, [Near, Fil]),
    };

    [Theory]
    [InlineData(1_900)]
    [InlineData(200_000)]
    public void Live_replayed_and_batch_rows_are_the_same_to_the_bit(int latestMs)
    {
        using TemporaryFolder folder = new();
        List<FeatureRow> live = [];
        using (JournalWriter writer = JournalWriter.Open(
            new JournalOptions { Folder = folder.At("journal") }, new ManualTimeProvider()))
        {
            SymbolState state = new(Near);
            ISymbolJournal journal = writer.For(Near, 0);
            foreach (MarketEvent e in WithTicks(Bars(new Random(5), latestMs)))
            {
                if (state.Admit(e) == Admission.Accepted)
                {
                    journal.Append(state.Sequence + 1, e);
                    Keep(state.Apply(e), live);
                }
            }

            writer.Flush();
        }

        AssertSame(live, FeatureRowSource.OfJournal(folder.At("journal"), null)[Near]);
        AssertSame(live, new BatchFold(folder.At("journal")).Run(null)[Near]);
        if (latestMs <= AvailableTime.BarLagMs)
        {
            // History knows no receive times: nothing came later than a bar may.
            List<FeatureRow> history = [];
            SymbolState state = new(Near);
            foreach (MarketEvent e in WithTicks(Bars(new Random(6), 0)))
            {
                Assert.Equal(Admission.Accepted, state.Admit(e));
                Keep(state.Apply(e), history);
            }

            AssertSame(live, history);
            Assert.False(double.IsNaN(GoldenVectorTests.Value(live[^1], "corr_btc_24h")));
            Assert.False(double.IsNaN(GoldenVectorTests.Value(live[^1], "macd_hist_5m")));
        }
    }

    [Fact]
    public void The_first_cell_that_differs_is_named()
    {
        List<MarketEvent> events = [.. WithTicks(Bars(new Random(1), 0)).Take(3_000)];
        List<FeatureRow> rows = [];
        SymbolState state = new(Near);
        events.ForEach(e => Keep(state.Admit(e) == Admission.Accepted ? state.Apply(e) : null, rows));
        double[] values = rows[70].Values.ToArray();
        int column = FeatureCatalogue.Golden.IndexOf("tow_sin");
        values[column] = Math.BitIncrement(values[column]);
        List<FeatureRow> changed = [.. rows.Take(70), new FeatureRow(rows[70].Time, Near, values), .. rows.Skip(72)];
        FeatureComparison comparison = new();
        comparison.Compare(rows, changed);
        Assert.Equal(
            (rows.Count - 2, 1, 1, 0),
            (comparison.Identical, comparison.Different, comparison.OnlyFirst, comparison.OnlySecond));
        Assert.Equal(
            new FeatureDifference(Near, rows[70].Time, "tow_sin", rows[70].Values[column], values[column]),
            comparison.First);
    }

    private static List<MarketEvent> Bars(Random random, int latestMs)
    {
        List<MarketEvent> events = [];
        foreach (Bar bar in RecordedHistory.Bars("NEARUSDT-1m-2025-06.csv.gz").Take(Minutes))
        {
            events.Add(
                MarketEvent.ForBar(bar, bar.EndTime, bar.EndTime + random.Next(latestMs + 1), isFromStream: true));
        }

        foreach (Bar bar in RecordedHistory.Bars("FILUSDT-1m-2025-06.csv.gz").Take(Minutes))
        {
            events.Add(MarketEvent.ForContextBar(new ContextBar(Fil, bar), bar.EndTime + random.Next(latestMs + 1)));
        }

        return events;
    }

    private static IEnumerable<MarketEvent> WithTicks(List<MarketEvent> bars)
    {
        long start = bars[0].Bar.OpenTime;
        List<MarketEvent> events = [MarketEvent.ForSettings(Settings, start), .. bars];
        for (long tick = start + 30_000; tick <= start + (Minutes * 60_000L); tick += 30_000)
        {
            events.Add(MarketEvent.ForTick(tick, tick));
        }

        return events.OrderBy(e => e.ReceiveTime).ThenBy(e => e.Kind);
    }

    private static void Keep(TickRows? rows, List<FeatureRow> kept)
    {
        if (rows?.Features is { } row)
        {
            kept.Add(row);
        }
    }

    private static void AssertSame(List<FeatureRow> expected, List<FeatureRow> actual)
    {
        FeatureComparison comparison = new();
        comparison.Compare(expected, actual);
        Assert.Null(comparison.First);
        Assert.Equal(
            (expected.Count, 0, 0, 0),
            (comparison.Identical, comparison.Different, comparison.OnlyFirst, comparison.OnlySecond));
    }
}
