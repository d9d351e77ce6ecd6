using System.Diagnostics;
using System.Globalization;
using Feeds.Core.Catalogue;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Storage.Sinks;

namespace Feeds.Benchmarks.Parquet;

/// <summary>
/// What the table of feature rows costs a node: an hour of ticks through the sink, as fast as it goes. Prints processor
/// time and bytes, and how long writing a tick and publishing a minute took.
/// </summary>
internal static class FeatureRowHourMeasurement
{
    private const long Start = 1_795_230_000_000;

    public static async Task<int> RunAsync(int symbols, int intervalSec)
    {
        var folder = Directory.CreateTempSubdirectory("feeds-parquet-bench-").FullName;
        var random = new Random(1);
        var markets = Enumerable.Range(0, symbols).Select(_ => new FeatureTable.Market(random)).ToArray();
        var names = Enumerable.Range(0, symbols).Select(i => Symbol.Parse($"COIN{i}USDT")).ToArray();
        List<double> writes = [], publications = [];
        var cost = TimeSpan.Zero;
        await using (var sink = ParquetRowSink.Open(
            new ParquetRowSinkOptions { Path = folder, TickMs = intervalSec * 1000L }))
        {
            for (long tick = Start; tick < Start + 3_600_000; tick += intervalSec * 1000L)
            {
                TickRows[] rows = [.. names.Select((name, i) => Row(tick, name, markets[i]))];
                var before = Environment.CpuUsage.TotalTime;
                var stamp = Stopwatch.GetTimestamp();
                await sink.WriteAsync(rows, CancellationToken.None);
                writes.Add(Stopwatch.GetElapsedTime(stamp).TotalMilliseconds);
                await sink.SettleAsync(CancellationToken.None);
                if ((tick + (intervalSec * 1000L)) % 60_000 == 0)
                    publications.Add(Stopwatch.GetElapsedTime(stamp).TotalMilliseconds);
                cost += Environment.CpuUsage.TotalTime - before;
            }
        }

        var bytes = Directory.GetFiles(folder, "*.parquet", SearchOption.AllDirectories).Sum(
            path => new FileInfo(path).Length);
        var count = symbols * 3600L / intervalSec;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{symbols} symbols, {intervalSec} s, {FeatureCatalogue.Golden.Columns.Count} columns: {count} rows, "
            + $"{bytes} bytes")
            + string.Create(
                CultureInfo.InvariantCulture,
                $" ({(double)bytes / count:0} a row), {cost.TotalSeconds:0.0} s of processor an hour; writing a "
                + $"tick {Describe(writes)},")
            + $" publishing {Describe(publications)}");
        Directory.Delete(folder, true);
        return 0;
    }

    private static TickRows Row(long tick, Symbol symbol, FeatureTable.Market market)
    {
        var made = new double[FeatureTable.Features];
        market.Next(made);
        var values = new double[FeatureCatalogue.Golden.Columns.Count];
        for (var i = 0; i < values.Length; i++) values[i] = made[i % made.Length];
        return new TickRows(
            new FeedRow(tick, symbol, 0, 0, 0, 0, 0, 0, 0, 0, 0, ""), new FeatureRow(tick, symbol, values));
    }

    private static string Describe(List<double> ms)
    {
        ms.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"{ms[ms.Count / 2]:0.0} ms (worst {ms[^1]:0.0})");
    }
}
