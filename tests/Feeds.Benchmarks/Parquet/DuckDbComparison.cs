using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Feeds.Parquet.Reading;
using Feeds.Parquet.Writing;

namespace Feeds.Benchmarks.Parquet;

/// <summary>
/// Writes and reads the same tables with DuckDB and with Feeds.Parquet, in turns, in one run, and prints the medians.
/// Every reading is checked: both add up the projected columns and must come to the same sums.
/// </summary>
internal static class DuckDbComparison
{
    private const int WarmUps = 3;

    public static int Run(int rounds)
    {
        using var duck = new DuckDbPipe();
        Console.WriteLine($"{"",-14}{"threads",8}{"",-30}{"ms",9}{"rows/s",14}{"bytes",14}{"against DuckDB",16}");
        foreach (var table in new[] { FeatureTable.Make(200_000, 1), BarTable.Load() })
        {
            if (table is null)
            {
                Console.WriteLine("no recorded bars beside the repository: bar table left out");
                continue;
            }

            var folder = Directory.CreateTempSubdirectory("feeds-parquet-bench-").FullName;
            foreach (var threads in new[] { 1, 2 }) Compare(table, folder, duck, threads, rounds);
            Directory.Delete(folder, true);
        }

        return 0;
    }

    private static void Compare(BenchmarkTable table, string folder, DuckDbPipe duck, int threads, int rounds)
    {
        string ours = Path.Combine(folder, "ours.parquet"), theirs = Path.Combine(folder, "duck.parquet");
        var v2 = Path.Combine(folder, "duck2.parquet");
        table.Write(Path.Combine(folder, "in.parquet"),
            new ParquetWriterOptions { Compression = Feeds.Parquet.Schema.CompressionCodec.None });
        duck.Run($"SET threads = {threads}");
        duck.Run($"CREATE OR REPLACE TABLE t AS SELECT * FROM '{Path.Combine(folder, "in.parquet")}'");
        var sums = string.Join(", ", table.Projection.Select(c => $"sum({c})"));
        var options = new ParquetWriterOptions { Threads = threads };
        var small = new ParquetWriterOptions { Threads = threads, Effort = CompressionEffort.Fast };
        var fast = Path.Combine(folder, "fast.parquet");
        (string Name, string File, Func<double> Run)[] steps =
        [
            ("write: DuckDB zstd", theirs, () =>
                duck.Run($"COPY t TO '{theirs}' (FORMAT parquet, COMPRESSION zstd)").Ms),
            ("write: ours", ours, () => Time(() => table.Write(ours, options))),
            ("write: ours, fast", fast, () => Time(() => table.Write(fast, small))),
            ("write: DuckDB zstd V2", v2, () =>
                duck.Run($"COPY t TO '{v2}' (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION 'V2')").Ms),
            ("read: DuckDB its zstd", theirs, () => duck.Run($"SELECT {sums} FROM '{theirs}'").Ms),
            ("read: ours our file", ours, () => Time(() => Sum(ours, table.Projection, threads))),
            ("read: ours our fast file", fast, () => Time(() => Sum(fast, table.Projection, threads))),
            ("read: DuckDB our file", ours, () => duck.Run($"SELECT {sums} FROM '{ours}'").Ms),
        ];
        var times = steps.Select(_ => new List<double>()).ToArray();
        for (var round = -WarmUps; round < rounds; round++)
        {
            for (var i = 0; i < steps.Length; i++)
            {
                var ms = steps[i].Run();
                if (round >= 0) times[i].Add(ms);
            }
        }

        Check(Sum(ours, table.Projection, threads), duck.Run($"SELECT {sums} FROM '{theirs}'").Row);
        Check(Sum(fast, table.Projection, threads), duck.Run($"SELECT {sums} FROM '{fast}'").Row);
        for (var i = 0; i < steps.Length; i++)
        {
            var baseline = Median(times[steps[i].Name.StartsWith("write", StringComparison.Ordinal) ? 0 : 4]);
            var bytes = new FileInfo(steps[i].File).Length;
            var ms = Median(times[i]);
            var share = (double)bytes / new FileInfo(theirs).Length;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{table.Name,-14}{threads,8}  {steps[i].Name,-28}{ms,9:0.0}{table.Rows / ms * 1000,14:0}{bytes,14}")
                + string.Create(CultureInfo.InvariantCulture, $"{baseline / ms,12:0.00} x  {share:0.00} bytes"));
        }
    }

    private static double[] Sum(string path, string[] columns, int threads)
    {
        using var file = ParquetFileReader.Open(path);
        var groups = file.RowGroups;
        var partial = new double[groups.Count * columns.Length];
        var work = new ParallelOptions { MaxDegreeOfParallelism = threads };
        Parallel.For(0, partial.Length, work, () => new double[32_768], (i, _, buffer) =>
        {
            using var column = groups[i / columns.Length].OpenColumn<double>(columns[i % columns.Length]);
            for (int n; (n = column.Read(buffer)) > 0;) partial[i] += Sum(buffer.AsSpan(0, n));
            return buffer;
        }, _ => { });
        var sums = new double[columns.Length];
        for (var i = 0; i < partial.Length; i++) sums[i % columns.Length] += partial[i];
        return sums;
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        var vectors = MemoryMarshal.Cast<double, Vector<double>>(values);
        var total = Vector<double>.Zero;
        // Only NaN differs from itself; it stands for null and does not count.
        foreach (var v in vectors) total += Vector.ConditionalSelect(Vector.Equals(v, v), v, Vector<double>.Zero);
        var sum = Vector.Sum(total);
        foreach (var value in values[(vectors.Length * Vector<double>.Count)..]) sum += double.IsNaN(value) ? 0 : value;
        return sum;
    }

    private static void Check(double[] ours, string[] theirs)
    {
        for (var i = 0; i < ours.Length; i++)
        {
            var other = double.Parse(theirs[i], CultureInfo.InvariantCulture);
            if (Math.Abs(ours[i] - other) > 1e-9 * Math.Max(1, Math.Abs(other)))
                throw new InvalidDataException($"Sums differ: {ours[i]} and {other}.");
        }
    }

    private static double Time(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
