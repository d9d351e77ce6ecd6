using Feeds.Core.Catalogue;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Parquet.Reading;
using Feeds.Storage.Journals;

namespace Feeds.Storage.Replay;

/// <summary>
/// Rows of the golden vector from where they rest: folded from a journal, or read from Parquet files.
/// </summary>
public static class FeatureRowSource
{
    private const string ParquetEnd = ".parquet";

    /// <summary>Returns the rows that a journal gives, by symbol, each in the order of ticks.</summary>
    /// <param name="folder">The journal's folder.</param>
    /// <param name="symbols">Which symbols; null for all.</param>
    /// <param name="events">Where damage is told.</param>
    /// <param name="cancellationToken">Ends it early with an exception.</param>
    public static IReadOnlyDictionary<Symbol, List<FeatureRow>> OfJournal(
        string folder, IReadOnlyCollection<Symbol>? symbols, IStorageEvents? events = null,
        CancellationToken cancellationToken = default)
    {
        Dictionary<Symbol, List<FeatureRow>> rows = [];
        FoldOptions options = new() { Symbols = symbols, UseSnapshots = false, Cores = Environment.ProcessorCount };
        new JournalFold(folder, events).Run(
            options,
            tick =>
            {
                if (tick.Rows.Features is { } row)
                {
                    Of(rows, row.Symbol).Add(row);
                }
            },
            cancellationToken);
        return rows;
    }

    /// <summary>True when a path is a Parquet file, or a folder with one somewhere below it.</summary>
    public static bool HasParquet(string path) => Files(path).Any();

    /// <summary>
    /// Returns the rows of a Parquet file, or of all below a folder, by symbol, each in the order of ticks.
    /// </summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="symbols">Which symbols; null for all.</param>
    /// <param name="cancellationToken">Ends it early with an exception.</param>
    /// <exception cref="Feeds.Parquet.ParquetException">A file is damaged, or has other columns.</exception>
    public static IReadOnlyDictionary<Symbol, List<FeatureRow>> OfParquet(
        string path, IReadOnlyCollection<Symbol>? symbols, CancellationToken cancellationToken = default)
    {
        Dictionary<Symbol, List<FeatureRow>> rows = [];
        foreach (string file in Files(path).Order(StringComparer.Ordinal))
        {
            using ParquetFileReader reader = ParquetFileReader.Open(file);
            foreach (ParquetRowGroup group in reader.RowGroups)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Read(group, symbols, rows);
            }
        }

        foreach (List<FeatureRow> each in rows.Values)
        {
            each.Sort(static (a, b) => a.Time.CompareTo(b.Time));
        }

        return rows;
    }

    private static void Read(
        ParquetRowGroup group, IReadOnlyCollection<Symbol>? symbols, Dictionary<Symbol, List<FeatureRow>> rows)
    {
        int count = (int)group.RowCount;
        long[] times = new long[count];
        string[] names = new string[count];
        group.Read<long>("time", times);
        group.Read<string>("symbol", names);
        double[][] values = [.. names.Select(static _ => new double[FeatureCatalogue.Golden.Columns.Count])];
        double[] column = new double[count];
        for (int c = 0; c < FeatureCatalogue.Golden.Columns.Count; c++)
        {
            group.Read<double>(FeatureCatalogue.Golden.Columns[c], column);
            for (int i = 0; i < count; i++)
            {
                values[i][c] = column[i];
            }
        }

        Dictionary<string, Symbol> known = new(StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            if (!known.TryGetValue(names[i], out Symbol? symbol))
            {
                known.Add(names[i], symbol = Symbol.Parse(names[i]));
            }

            if (symbols is null || symbols.Contains(symbol))
            {
                Of(rows, symbol).Add(new FeatureRow(times[i], symbol, values[i]));
            }
        }
    }

    private static List<FeatureRow> Of(Dictionary<Symbol, List<FeatureRow>> rows, Symbol symbol)
    {
        if (!rows.TryGetValue(symbol, out List<FeatureRow>? list))
        {
            rows.Add(symbol, list = []);
        }

        return list;
    }

    private static IEnumerable<string> Files(string path) =>
        File.Exists(path) ? path.EndsWith(ParquetEnd, StringComparison.Ordinal) ? [path] : []
        : Directory.Exists(path) ? Directory.EnumerateFiles(path, "*" + ParquetEnd, SearchOption.AllDirectories)
        : [];
}
