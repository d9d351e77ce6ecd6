using System.Text;
using Feeds.Core.Market;
using Feeds.Storage.Files;

namespace Feeds.Storage.Sinks;

/// <summary>
/// The rows that a row file and the files put away beside it hold, found by symbol and tick. Memory: about 60 bytes a
/// row.
/// </summary>
internal sealed class CsvRows : IDisposable
{
    private const int ChunkBytes = 1 << 20;

    private readonly List<IStoredFile> _files = [];
    private readonly List<string> _paths = [];
    private readonly Dictionary<(Symbol Symbol, long Tick), Place> _rows = [];
    private readonly Dictionary<Symbol, (long First, long Last)> _spans = [];
    private readonly Dictionary<string, Symbol?> _symbols = new(StringComparer.Ordinal);
    private byte[] _line = new byte[512];

    private CsvRows()
    {
    }

    /// <summary>Rows that are there twice.</summary>
    public List<(Symbol Symbol, long Tick)> Doubled { get; } = [];

    /// <summary>How many rows there are.</summary>
    public int Count => _rows.Count;

    /// <summary>The keys of all rows.</summary>
    public IEnumerable<(Symbol Symbol, long Tick)> Keys => _rows.Keys;

    /// <summary>For each symbol the first and the last tick.</summary>
    public IReadOnlyDictionary<Symbol, (long First, long Last)> Spans => _spans;

    /// <summary>Reads all files; rows for which <paramref name="wants"/> is false are passed over.</summary>
    public static CsvRows Read(IFileSystem files, string path, Func<Symbol, long, bool> wants)
    {
        CsvRows rows = new();
        string full = Path.GetFullPath(path);
        try
        {
            foreach (string file in new CsvArchive(files, full).Files().Append(full).Where(files.Exists))
            {
                rows.ReadFile(files.OpenRead(file), file, wants);
            }

            return rows;
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Returns the line of a row without its end, valid until the next call; false when there is no such row.
    /// </summary>
    public bool TryGet(Symbol symbol, long tick, out ReadOnlySpan<byte> line, out string place)
    {
        line = default;
        place = string.Empty;
        if (!_rows.TryGetValue((symbol, tick), out Place row))
        {
            return false;
        }

        if (_line.Length < row.Length)
        {
            _line = new byte[row.Length];
        }

        int read = _files[row.File].Read(_line.AsSpan(0, row.Length), row.Offset);
        line = _line.AsSpan(0, read);
        place = $"{_paths[row.File]} at byte {row.Offset}";
        return true;
    }

    public void Dispose()
    {
        foreach (IStoredFile file in _files)
        {
            file.Dispose();
        }
    }

    private void ReadFile(IStoredFile file, string path, Func<Symbol, long, bool> wants)
    {
        _files.Add(file);
        _paths.Add(path);
        byte[] buffer = new byte[ChunkBytes];
        int held = 0;
        long lineStart = 0;
        while (true)
        {
            if (held == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            int read = file.Read(buffer.AsSpan(held), lineStart + held);
            if (read == 0)
            {
                return;
            }

            held += read;
            int start = 0;
            for (int end; (end = buffer.AsSpan(start, held - start).IndexOf((byte)'\n')) >= 0; start += end + 1)
            {
                TakeLine(buffer.AsSpan(start, end), lineStart + start, wants);
            }

            lineStart += start;
            held -= start;
            buffer.AsSpan(start, held).CopyTo(buffer);
        }
    }

    private void TakeLine(ReadOnlySpan<byte> line, long offset, Func<Symbol, long, bool> wants)
    {
        line = line.EndsWith("\r"u8) ? line[..^1] : line;
        if (!FeedRowCsv.TryReadKey(line, out long tick, out ReadOnlySpan<byte> name) || SymbolOf(name) is not { } symbol
            || !wants(symbol, tick))
        {
            return;
        }

        if (!_rows.TryAdd((symbol, tick), new Place(_files.Count - 1, offset, line.Length)))
        {
            Doubled.Add((symbol, tick));
        }

        (long first, long last) = _spans.GetValueOrDefault(symbol, (tick, tick));
        _spans[symbol] = (Math.Min(first, tick), Math.Max(last, tick));
    }

    private Symbol? SymbolOf(ReadOnlySpan<byte> name)
    {
        string text = Encoding.UTF8.GetString(name);
        if (!_symbols.TryGetValue(text, out Symbol? symbol))
        {
            symbol = Symbol.TryParse(text, out Symbol? parsed) ? parsed : null;
            _symbols.Add(text, symbol);
        }

        return symbol;
    }

    private readonly record struct Place(int File, long Offset, int Length);
}
