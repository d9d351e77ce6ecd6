using System.Globalization;
using System.IO.Compression;
using Feeds.Parquet.Schema;
using Feeds.Parquet.Writing;

namespace Feeds.Benchmarks.Parquet;

/// <summary>One-minute bars as the exchange publishes them, from the recorded data beside the repository.</summary>
internal static class BarTable
{
    private static readonly string[] Doubles =
        ["open", "high", "low", "close", "volume", "quote_volume", "taker_buy_volume", "taker_buy_quote_volume"];

    // Where they stand in the exchange's files, whose columns are open_time, open, high, low, close, volume,
    // close_time, …
    private static readonly int[] Places = [1, 2, 3, 4, 5, 7, 9, 10];

    /// <summary>Null where the recorded data is absent.</summary>
    public static BenchmarkTable? Load()
    {
        var folder = Folder();
        if (folder is null) return null;
        var symbols = new List<string>();
        var codes = new List<int>();
        var times = new List<long>();
        var counts = new List<long>();
        var values = Doubles.Select(_ => new List<double>()).ToArray();
        foreach (var path in Directory.GetFiles(folder, "*USDT-1m-20??-??.csv.gz").Order(StringComparer.Ordinal))
        {
            var symbol = Path.GetFileName(path).Split('-')[0];
            if (!symbols.Contains(symbol)) symbols.Add(symbol);
            using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
            while (reader.ReadLine() is { } line)
            {
                var cells = line.Split(',');
                if (!long.TryParse(cells[0], CultureInfo.InvariantCulture, out var time)) continue;
                codes.Add(symbols.IndexOf(symbol));
                times.Add(time);
                counts.Add(long.Parse(cells[8], CultureInfo.InvariantCulture));
                for (var i = 0; i < Places.Length; i++)
                    values[i].Add(double.Parse(cells[Places[i]], CultureInfo.InvariantCulture));
            }
        }

        return Build(symbols, [.. codes], [.. times], [.. counts], [.. values.Select(v => v.ToArray())]);
    }

    private static BenchmarkTable Build(
        List<string> symbols, int[] codes, long[] times, long[] counts, double[][] values)
    {
        var schema = new ParquetSchema(
        [
            new ParquetColumn("symbol", ColumnType.String), new ParquetColumn("open_time", ColumnType.Int64),
            .. Doubles.Select(name => new ParquetColumn(name, ColumnType.Double)),
                new ParquetColumn("count", ColumnType.Int64),
        ]);
        var parts = new List<ColumnValues[]>();
        for (var start = 0; start < times.Length; start += 131_072)
        {
            var range = start..Math.Min(times.Length, start + 131_072);
            parts.Add([ColumnValues.OfCodes(codes.AsMemory(range), symbols), ColumnValues.Of(times.AsMemory(range)),
                .. values.Select(v => ColumnValues.Of(v.AsMemory(range))), ColumnValues.Of(counts.AsMemory(range))]);
        }

        return new BenchmarkTable("1 m bars", schema, parts, times.Length, ["close", "volume", "taker_buy_volume"]);
    }

    private static string? Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Feeds.sln"))) folder = folder.Parent;
        if (folder?.Parent is null) return null;
        var data = Path.Combine(folder.Parent.FullName, "shared", "data", "klines_1m");
        return Directory.Exists(data) ? data : null;
    }
}
