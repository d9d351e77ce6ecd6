using System.Diagnostics;
using System.Globalization;
using Feeds.Core.Market;
using Feeds.Engine;
using Feeds.Engine.Rows;
using Feeds.Simulator;
using Feeds.Simulator.Markets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Feeds.Benchmarks.Engine;

/// <summary>
/// A whole node under the load of a venue twin in a process of its own: what the node costs, and how soon after a tick
/// its rows are there, over the whole run and in its last third, when code is compiled and histories are fetched if the
/// run is long enough.
/// <c>node-load SYMBOLS SPEED SECONDS [INTERVAL]</c>; a speed of 10 is a market ten times as fast, the interval is that
/// of rows.
/// </summary>
internal static class NodeLoad
{
    public static async Task<int> RunAsync(int symbols, double speed, int seconds, int intervalSeconds)
    {
        string program = Environment.ProcessPath!;
        string self = typeof(NodeLoad).Assembly.Location;
        using Process venue = Process.Start(new ProcessStartInfo(program)
        {
            ArgumentList = { self, "venue", Text(symbols), Text(speed) },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        string rest = (await venue.StandardOutput.ReadLineAsync())!;
        string stream = (await venue.StandardOutput.ReadLineAsync())!;
        string folder = Directory.CreateTempSubdirectory("feeds-load-").FullName;
        NodeOptions options = new()
        {
            Symbols = [.. SymbolSpecs.Many(symbols).Select(static spec => Symbol.Parse(spec.Symbol))],
            Interval = TimeSpan.FromSeconds(intervalSeconds),
            RestUrl = new Uri(rest),
            StreamUrl = new Uri(stream),
            DataDirectory = folder,
            CsvPath = Path.Combine(folder, "feeds_log.csv"),
        };
        long begun = Stopwatch.GetTimestamp();
        await using (Node node = new(options, TimeProvider.System, NullLoggerFactory.Instance))
        {
            await node.StartAsync(CancellationToken.None);
            await ReportAsync(node, begun, seconds);
        }

        venue.StandardInput.Close();
        Console.WriteLine(await venue.StandardOutput.ReadToEndAsync());
        await venue.WaitForExitAsync();
        Directory.Delete(folder, recursive: true);
        return 0;
    }

    /// <summary>
    /// The venue's end: tells its addresses, runs until its input ends, then tells what it was asked for in vain.
    /// </summary>
    public static async Task<int> ServeAsync(int symbols, double speed)
    {
        await using VenueTwin twin = await VenueTwin.StartAsync(
            new VenueTwinOptions { Specs = SymbolSpecs.Many(symbols), Speed = speed }, TimeProvider.System);
        Console.WriteLine(twin.RestUrl);
        Console.WriteLine(twin.StreamUrl);
        await Console.In.ReadToEndAsync();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"venue: {twin.Ledger.SentCount} messages sent, {twin.Ledger.OverLimitCount} requests over a limit"));
        return 0;
    }

    private static async Task ReportAsync(Node node, long begun, int seconds)
    {
        using Process self = Process.GetCurrentProcess();
        double firstRow = double.NaN;
        long frames = 0;
        TimeSpan used = TimeSpan.Zero;
        RowGauges rows = node.Parts.Rows;
        DelayHistogram? computed = null;
        DelayHistogram? released = null;
        Console.WriteLine("   s   CPU %  memory MB     live MB  frames/s     rows  weight used");
        for (int second = 1; second <= seconds; second++)
        {
            await Task.Delay(1_000);
            double passed = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            firstRow = double.IsNaN(firstRow) && rows.Rows > 0 ? passed : firstRow;
            if (second % 10 == 0)
            {
                self.Refresh();
                TimeSpan now = self.TotalProcessorTime;
                long read = node.Parts.Streams.Groups.All.Sum(static group => group.Read);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{passed,4:0} {(now - used).TotalSeconds * 10,7:0.0} {self.WorkingSet64 / 1e6,10:0} "
                    + $"{Live() / 1e6,11:0} "
                    + $"{(read - frames) / 10.0,9:0} {rows.Rows,8} {node.Status().Rest.UsedWeight,12}"));
                used = now;
                frames = read;
            }

            if (second == seconds * 2 / 3)
            {
                computed = rows.TickToComputed.Since(null);
                released = rows.TickToReleased.Since(null);
            }
        }

        Console.WriteLine($"start to first row {Text(Math.Round(firstRow, 1))} s");
        Console.WriteLine("ms p50/p99/p99.9, whole run and last third");
        Console.WriteLine(
            $"tick to computed {Quantiles(rows.TickToComputed)}, {Quantiles(rows.TickToComputed.Since(computed))}");
        Console.WriteLine(
            $"tick to released {Quantiles(rows.TickToReleased)}, {Quantiles(rows.TickToReleased.Since(released))}");
        Console.WriteLine($"not well: {string.Join("; ", node.Status().Reasons.Take(5))}");
    }

    // What the newest collection of the oldest generation left: the rest of the memory is room that the collector
    // keeps.
    private static long Live()
    {
        GCMemoryInfo newest = new[] { GCKind.Background, GCKind.FullBlocking }.Select(GC.GetGCMemoryInfo).MaxBy(
            static each => each.Index);
        return newest.HeapSizeBytes - newest.FragmentedBytes;
    }

    private static string Quantiles(DelayHistogram delays) => string.Join(
        " / ", new[] { 0.5, 0.99, 0.999 }.Select(
            share => delays.QuantileMs(share).ToString("0.0", CultureInfo.InvariantCulture)))
        + $" of {delays.Count}";

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
