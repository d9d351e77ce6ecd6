using System.Buffers;
using System.Buffers.Binary;
using Feeds.Parquet.Encodings;
using Feeds.Parquet.Format;

namespace Feeds.Parquet.Reading;

/// <summary>
/// Reads one column of one row group front to back into spans, a page at a time. One thread at a time; several columns
/// may be read by several threads.
/// </summary>
/// <typeparam name="T">The column's .NET type, as <see cref="Schema.ColumnKind"/> names it.</typeparam>
public sealed class ColumnReader<T> : IDisposable
{
    private readonly ColumnAddress _address;
    private readonly ChunkPages _pages;
    private readonly ValueReader<T> _values;
    private bool[] _flags = [];
    private bool _holes;
    private bool _ready;
    private PageHeader _header;
    private int _pageRows;
    private int _pageRead;

    internal ColumnReader(ColumnAddress address)
    {
        _address = address;
        try
        {
            address.Validate();
            _values = ValueReaders.For<T>(address.Column);
        }
        catch (DamagedDataException e)
        {
            throw address.Fail(e.Message, address.Chunk.Start, e);
        }

        _pages = new ChunkPages(address);
        RowsLeft = address.RowCount;
    }

    /// <summary>Rows that were not read yet.</summary>
    public long RowsLeft { get; private set; }

    /// <summary>
    /// Reads the next rows and returns how many: as many as <paramref name="values"/> takes, fewer only at the end, 0
    /// after it. A missing value reads as NaN, null or the type's zero; <paramref name="valid"/>, unless empty, says
    /// which are there.
    /// </summary>
    /// <exception cref="ParquetException">The file is damaged.</exception>
    public int Read(Span<T> values, Span<bool> valid = default)
    {
        if (!valid.IsEmpty && valid.Length < values.Length)
            throw new ArgumentException("There must be a flag for each value.", nameof(valid));
        var rows = (int)Math.Min(values.Length, RowsLeft);
        try
        {
            for (var done = 0; done < rows;)
            {
                if (_pageRead == _pageRows) NextPage();
                var n = Math.Min(_pageRows - _pageRead, rows - done);
                if (n == 0) continue;
                if (!_ready) OpenPage();
                ReadRows(values.Slice(done, n), valid.IsEmpty ? default : valid.Slice(done, n));
                done += n;
                RowsLeft -= n;
            }
        }
        catch (DamagedDataException e)
        {
            throw _address.Fail(e.Message, _pages.PageOffset, e);
        }

        return rows;
    }

    /// <summary>Passes over rows; whole pages are not even decompressed.</summary>
    /// <exception cref="ParquetException">The file is damaged.</exception>
    public void Skip(long rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, RowsLeft);
        try
        {
            while (rows > 0)
            {
                if (_pageRead == _pageRows) NextPage();
                var n = (int)Math.Min(_pageRows - _pageRead, rows);
                if (n < _pageRows || _ready) SkipInPage(n);
                else _pageRead += n;
                rows -= n;
                RowsLeft -= n;
            }
        }
        catch (DamagedDataException e)
        {
            throw _address.Fail(e.Message, _pages.PageOffset, e);
        }
    }

    /// <summary>Gives the buffers back.</summary>
    public void Dispose()
    {
        _pages.Dispose();
        if (_flags.Length > 0) ArrayPool<bool>.Shared.Return(_flags);
        _flags = [];
    }

    private void SkipInPage(int rows)
    {
        if (rows == 0) return;
        if (!_ready) OpenPage();
        var there = _holes ? _flags.AsSpan(_pageRead, rows).Count(true) : rows;
        var scratch = ArrayPool<T>.Shared.Rent(Math.Min(there, 1024));
        _values.Skip(there, scratch);
        ArrayPool<T>.Shared.Return(scratch);
        _pageRead += rows;
    }

    private void ReadRows(Span<T> values, Span<bool> valid)
    {
        if (!_holes)
        {
            _values.Read(values);
            valid.Fill(true);
        }
        else
        {
            var flags = _flags.AsSpan(_pageRead, values.Length);
            var there = flags.Count(true);
            _values.Read(values[..there]);
            // From the back, each value moves to its row; what is not there yet is not overwritten.
            var missing = ValueReaders.Missing<T>();
            for (var i = values.Length - 1; i >= 0; i--) values[i] = flags[i] ? values[--there] : missing;
            if (!valid.IsEmpty) flags.CopyTo(valid);
        }

        _pageRead += values.Length;
    }

    // Finds the next data page by its header alone; a dictionary on the way is loaded.
    private void NextPage()
    {
        while (_pages.TryReadHeader(out _header))
        {
            switch (_header.Type)
            {
                case PageType.Dictionary:
                    if (_header.Encoding is not (ParquetEncoding.Plain or ParquetEncoding.PlainDictionary))
                        throw new DamagedDataException($"a dictionary with encoding {_header.Encoding}");
                    _values.LoadDictionary(_pages.ReadBody(_header).Span, _header.ValueCount);
                    break;
                case PageType.Data or PageType.DataV2:
                    // Pages are counted from what is left, in which the rows of earlier pages are no longer contained.
                    if (_header.ValueCount < 0 || _header.ValueCount > RowsLeft)
                        throw new DamagedDataException(
                            $"a page of {_header.ValueCount} rows where {RowsLeft} are left");
                    _pageRows = _header.ValueCount;
                    _pageRead = 0;
                    _ready = false;
                    return;
            }
        }

        throw new DamagedDataException($"the pages end {RowsLeft} rows early");
    }

    private void OpenPage()
    {
        var body = _pages.ReadBody(_header);
        var levels = ReadOnlyMemory<byte>.Empty;
        if (_header.Type == PageType.DataV2)
        {
            if (_header.RepetitionBytes != 0) throw new DamagedDataException("repetition levels in a flat column");
            levels = body[.._header.DefinitionBytes];
            body = body[_header.DefinitionBytes..];
        }
        else if (_address.Column.Nullable)
        {
            if (_header.LevelEncoding != ParquetEncoding.Rle)
                throw new DamagedDataException($"levels with encoding {_header.LevelEncoding}; only RLE is read");
            if (body.Length < sizeof(int)) throw new DamagedDataException("levels end early");
            var length = BinaryPrimitives.ReadInt32LittleEndian(body.Span);
            if (length < 0 || length > body.Length - sizeof(int))
                throw new DamagedDataException("levels are longer than their page");
            levels = body.Slice(sizeof(int), length);
            body = body[(sizeof(int) + length)..];
        }

        _holes = _address.Column.Nullable && HasHoles(levels.Span);
        var there = _holes ? _flags.AsSpan(0, _pageRows).Count(true) : _pageRows;
        _values.BeginPage(_header.Encoding, body, there);
        _ready = true;
    }

    private bool HasHoles(ReadOnlySpan<byte> levels)
    {
        if (FlagDecoder.IsAllThere(levels, _pageRows)) return false;
        if (_flags.Length < _pageRows)
        {
            if (_flags.Length > 0) ArrayPool<bool>.Shared.Return(_flags);
            _flags = ArrayPool<bool>.Shared.Rent(_pageRows);
        }

        return !FlagDecoder.Read(levels, _flags.AsSpan(0, _pageRows));
    }
}
