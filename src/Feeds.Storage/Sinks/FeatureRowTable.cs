using System.Buffers;
using System.Globalization;
using Feeds.Core.Catalogue;
using Feeds.Core.Symbols;
using Feeds.Parquet.Schema;
using Feeds.Parquet.Writing;

namespace Feeds.Storage.Sinks;

/// <summary>
/// The table of live feature rows as Parquet: its columns, made from the catalogue, and how rows become row groups.
/// </summary>
internal static class FeatureRowTable
{
    /// <summary>The table's name: its folder, and how its files begin.</summary>
    public const string Name = "feature_row";

    /// <summary>The place of the column with the tick's time.</summary>
    public const int TimeColumn = 0;

    /// <summary>The place of the column with the symbol.</summary>
    public const int SymbolColumn = 1;

    private const int VersionColumn = 2;
    private const int FirstValue = 3;

    /// <summary>Time, symbol and catalogue version, then the columns of the golden vector, features first.</summary>
    public static ParquetSchema Schema { get; } = new(
    [
        new ParquetColumn("time", ColumnType.TimestampMs),
        new ParquetColumn("symbol", ColumnType.String),
        new ParquetColumn("catalogue_version", ColumnType.Int32),
        .. FeatureCatalogue.Golden.Columns.Select(ParquetColumn.Feature),
    ]);

    /// <summary>Begins a file of the table in a stream.</summary>
    public static ParquetFileWriter Begin(Stream stream)
    {
        ParquetFileWriter writer = ParquetFileWriter.Create(stream, Schema);
        writer.AddMetadata("table", Name);
        writer.AddMetadata("feature_set", FeatureCatalogue.Golden.Name);
        writer.AddMetadata("catalogue_version", FeatureCatalogue.Version.ToString(CultureInfo.InvariantCulture));
        return writer;
    }

    /// <summary>Writes rows as one row group, a column at a time.</summary>
    public static void WriteGroup(ParquetFileWriter writer, ReadOnlySpan<FeatureRow> rows)
    {
        RowGroupWriter group = writer.BeginRowGroup(rows.Length);
        WriteKeys(group, rows);
        double[] values = ArrayPool<double>.Shared.Rent(rows.Length);
        for (int column = 0; column < FeatureCatalogue.Golden.Columns.Count; column++)
        {
            for (int i = 0; i < rows.Length; i++)
            {
                values[i] = rows[i].Values[column];
            }

            group.Write(FirstValue + column, values.AsSpan(0, rows.Length));
        }

        ArrayPool<double>.Shared.Return(values);
    }

    private static void WriteKeys(RowGroupWriter group, ReadOnlySpan<FeatureRow> rows)
    {
        long[] times = new long[rows.Length];
        int[] codes = new int[rows.Length];
        int[] versions = new int[rows.Length];
        List<string> symbols = [];
        Dictionary<string, int> places = new(StringComparer.Ordinal);
        for (int i = 0; i < rows.Length; i++)
        {
            string symbol = rows[i].Symbol.Text;
            if (!places.TryGetValue(symbol, out codes[i]))
            {
                places.Add(symbol, codes[i] = symbols.Count);
                symbols.Add(symbol);
            }

            times[i] = rows[i].Time;
            versions[i] = FeatureCatalogue.Version;
        }

        group.Write(TimeColumn, times);
        group.WriteCodes(SymbolColumn, codes, symbols);
        group.Write(VersionColumn, versions);
    }
}
