using System.Globalization;
using Feeds.Core.Catalogue;
using Feeds.Parquet.Reading;
using Feeds.Storage.Files;

namespace Feeds.Storage.Sinks;

/// <summary>A file of the table of feature rows, open for reading.</summary>
internal sealed class FeatureRowFile : IDisposable
{
    private readonly IStoredFile _stored;
    private readonly StoredFileStream _stream;
    private readonly ParquetFileReader _file;

    /// <summary>Opens a file.</summary>
    /// <exception cref="Parquet.ParquetException">It is damaged.</exception>
    public FeatureRowFile(IFileSystem files, string path)
    {
        _stored = files.OpenRead(path);
        _stream = new StoredFileStream(_stored);
        try
        {
            _file = ParquetFileReader.Open(_stream, path);
        }
        catch
        {
            _stored.Dispose();
            throw;
        }
    }

    /// <summary>Rows in the file.</summary>
    public int Rows => checked((int)_file.RowCount);

    /// <summary>Row groups in the file.</summary>
    public IReadOnlyList<ParquetRowGroup> Groups => _file.RowGroups;

    /// <summary>The version of the catalogue that its columns are of; 0 when it does not say.</summary>
    public int Version =>
        int.TryParse(
            _file.FindMetadata("catalogue_version"), NumberStyles.None, CultureInfo.InvariantCulture, out int version)
            ? version : 0;

    /// <summary>Hands out symbol and tick (epoch ms) of every row, in the file's order.</summary>
    public void ReadKeys(Action<string, long> take)
    {
        foreach (ParquetRowGroup group in _file.RowGroups)
        {
            long[] times = new long[group.RowCount];
            string[] symbols = new string[group.RowCount];
            group.Read(FeatureRowTable.TimeColumn, times.AsSpan());
            group.Read(FeatureRowTable.SymbolColumn, symbols.AsSpan());
            for (int i = 0; i < times.Length; i++)
            {
                take(symbols[i], times[i]);
            }
        }
    }

    /// <summary>
    /// Returns the values of every row, one array for each column of the golden vector; unknown is NaN.
    /// </summary>
    public double[][] ReadValues()
    {
        double[][] values = new double[FeatureCatalogue.Golden.Columns.Count][];
        for (int column = 0; column < values.Length; column++)
        {
            values[column] = new double[Rows];
            int at = 0;
            foreach (ParquetRowGroup group in _file.RowGroups)
            {
                at += group.Read(
                    FeatureCatalogue.Golden.Columns[column], values[column].AsSpan(at, (int)group.RowCount));
            }
        }

        return values;
    }

    public void Dispose()
    {
        _file.Dispose();
        _stream.Dispose();
        _stored.Dispose();
    }
}
