namespace Feeds.Parquet.Writing;

/// <summary>
/// Takes rows one at a time, gathers them by column, and writes a row group whenever enough are together. Set a row's
/// values in any order, then call <see cref="EndRow"/>; what was not set is missing. One thread at a time.
/// </summary>
public sealed class ParquetRowWriter : IDisposable
{
    private readonly ParquetFileWriter _writer;
    private readonly ColumnBuffer[] _columns;
    private readonly int _groupRows;
    private readonly long _groupBytes;
    private readonly long _rowBytes;
    private long _textBytes;
    private int _rows;

    /// <summary>Rows on top of <paramref name="writer"/>, which is finished and disposed of with this.</summary>
    /// <param name="writer">The file.</param>
    /// <param name="groupRows">Rows of a row group, 1 or more.</param>
    /// <param name="groupBytes">Bytes of values in memory at which a row group is written before it has its
    /// rows.</param>
    public ParquetRowWriter(ParquetFileWriter writer, int groupRows = 131_072, long groupBytes = 128L << 20)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentOutOfRangeException.ThrowIfLessThan(groupRows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(groupBytes, 1);
        _writer = writer;
        _groupRows = groupRows;
        _groupBytes = groupBytes;
        _columns = [.. writer.Schema.Select(ColumnBuffer.For)];
        _rowBytes = _columns.Sum(c => (long)c.RowBytes);
    }

    /// <summary>Rows ended so far, written and waiting.</summary>
    public long RowCount { get; private set; }

    /// <summary>Sets a boolean of the current row.</summary>
    public void Set(int column, bool value) => Set<bool>(column, value);

    /// <summary>Sets a 32-bit number or a date (days since 1970-01-01) of the current row.</summary>
    public void Set(int column, int value) => Set<int>(column, value);

    /// <summary>Sets a 64-bit number or a time stamp (epoch ms or µs, UTC) of the current row.</summary>
    public void Set(int column, long value) => Set<long>(column, value);

    /// <summary>Sets a 32-bit floating point number of the current row.</summary>
    public void Set(int column, float value) => Set<float>(column, value);

    /// <summary>Sets a 64-bit floating point number of the current row.</summary>
    public void Set(int column, double value) => Set<double>(column, value);

    /// <summary>Sets a decimal of the current row.</summary>
    public void Set(int column, decimal value) => Set<decimal>(column, value);

    /// <summary>Sets a text of the current row; null is missing.</summary>
    public void Set(int column, string? value)
    {
        Set<string?>(column, value);
        _textBytes += value?.Length ?? 0;
    }

    /// <summary>Sets neighbouring columns of doubles of the current row: the shape of a feature vector.</summary>
    public void Set(int firstColumn, ReadOnlySpan<double> values)
    {
        for (var i = 0; i < values.Length; i++) Set<double>(firstColumn + i, values[i]);
    }

    /// <summary>Ends the current row, and writes a row group when enough rows are together.</summary>
    /// <exception cref="InvalidOperationException">A column that is not nullable was not set.</exception>
    public void EndRow()
    {
        foreach (var column in _columns)
        {
            if (column.Count == _rows) column.AddMissing();
        }

        _rows++;
        RowCount++;
        if (_rows >= _groupRows || (_rows * _rowBytes) + _textBytes >= _groupBytes) WriteGroup();
    }

    /// <summary>Writes the waiting rows and finishes the file.</summary>
    public void Finish()
    {
        if (_columns.Any(c => c.Count != _rows))
            throw new InvalidOperationException("The last row was begun and not ended.");
        WriteGroup();
        _writer.Finish();
    }

    /// <summary>Lets go of the file; what was not finished is deleted.</summary>
    public void Dispose() => _writer.Dispose();

    private void Set<T>(int column, T value)
    {
        if (_columns[column] is not ColumnBuffer<T> buffer)
            throw new ArgumentException(
                $"Column '{_writer.Schema[column].Name}' is {_writer.Schema[column].Type}, not {typeof(T).Name}.");
        if (buffer.Count != _rows)
            throw new InvalidOperationException($"Column '{_writer.Schema[column].Name}' was set twice in this row.");
        buffer.Add(value);
    }

    private void WriteGroup()
    {
        if (_rows == 0) return;
        var columns = new ColumnValues[_columns.Length];
        for (var i = 0; i < columns.Length; i++) columns[i] = _columns[i].Take();
        _writer.WriteRowGroup(columns);
        foreach (var column in _columns) column.Clear();
        _rows = 0;
        _textBytes = 0;
    }
}
