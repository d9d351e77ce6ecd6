using System.Collections;
using System.Globalization;
using Feeds.Core.Catalogue;
using Feeds.Core.Market;
using Feeds.Storage.Files;
using Feeds.Storage.Journals;
using Feeds.Storage.Sinks;

namespace Feeds.Storage.Replay;

/// <summary>
/// Compares the feature rows that the fold of a journal makes with the table in Parquet, bit for bit. Hand it every
/// tick of the fold, then ask. The values of a few hours are in memory at a time. As with the row file, rows before a
/// symbol's first and after its last one in the table are no difference; rows of another version of the catalogue are
/// not judged.
/// </summary>
public sealed class FeatureRowCheck
{
    private const int HoursInMemory = 3;

    private readonly FeatureRowFolder _folder;
    private readonly IFileSystem _files;
    private readonly Func<Symbol, long, bool> _wants;
    private readonly SortedDictionary<long, BitArray> _met = [];
    private readonly Dictionary<long, Hour> _loaded = [];
    private readonly Queue<long> _order = new();
    private readonly Dictionary<string, (long First, long Last)> _spans = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _firstReplayed = new(StringComparer.Ordinal);
    private long _identical;
    private long _different;
    private long _unjudged;
    private RowDifference? _first;

    /// <summary>
    /// Opens the table in <paramref name="path"/> and reads which rows it holds; those that are not wanted are left
    /// out.
    /// </summary>
    /// <exception cref="StorageException">The table cannot be read.</exception>
    public FeatureRowCheck(string path, Func<Symbol, long, bool> wants)
        : this(path, wants, DiskFileSystem.Instance)
    {
    }

    internal FeatureRowCheck(string path, Func<Symbol, long, bool> wants, IFileSystem files)
    {
        _folder = new FeatureRowFolder(path, files, NoStorageEvents.Instance);
        _files = files;
        _wants = wants;
        Guarded(ReadKeys);
    }

    /// <summary>Takes a tick of the fold.</summary>
    /// <exception cref="StorageException">The table cannot be read.</exception>
    public void Take(FoldedTick tick) => Guarded(() => Compare(tick));

    /// <summary>Returns what was found; the fold is at its end.</summary>
    /// <exception cref="StorageException">The table cannot be read.</exception>
    public RowVerification Finish()
    {
        long before = 0;
        Guarded(() => before = FindUnmet());
        return new RowVerification
        {
            Identical = _identical,
            Different = _different,
            First = _first,
            Unjudged = _unjudged,
            BeforeJournal = before,
        };
    }

    private void Compare(FoldedTick tick)
    {
        if (tick.Rows.Features is not { } row)
        {
            return;
        }

        string symbol = row.Symbol.Text;
        _firstReplayed.TryAdd(symbol, row.Time);
        long at = FeatureRowFolder.HourOf(row.Time);
        Hour? hour = Load(at);
        if (hour is null || !hour.Places.TryGetValue((symbol, row.Time), out int place))
        {
            if (_spans.TryGetValue(symbol, out (long First, long Last) span) && row.Time > span.First
                && row.Time < span.Last)
            {
                Note(new RowDifference(row.Symbol, row.Time, "row", "a row", string.Empty, string.Empty));
            }

            return;
        }

        _met[at][place] = true;
        if (!tick.IsWhole || hour.Values(place) is not { } values)
        {
            _unjudged++;
            return;
        }

        for (int i = 0; i < row.Values.Length; i++)
        {
            if (!Same(row.Values[i], values.Columns[i][values.Row]))
            {
                Note(new RowDifference(
                    row.Symbol, row.Time, FeatureCatalogue.Golden.Columns[i], Text(row.Values[i]),
                    Text(values.Columns[i][values.Row]),
                    $"{hour.PathOf(place)} row {values.Row}"));
                return;
            }
        }

        _identical++;
    }

    // What the table holds and the fold did not make.
    private long FindUnmet()
    {
        long before = 0;
        foreach ((long at, BitArray met) in _met)
        {
            int place = 0;
            foreach (string path in _folder.FilesOf(at).ToArray())
            {
                using FeatureRowFile file = new(_files, path);
                file.ReadKeys((symbol, tick) =>
                {
                    if (!met[place++] && Symbol.TryParse(symbol, out Symbol? known) && _wants(known, tick))
                    {
                        if (!_firstReplayed.TryGetValue(symbol, out long first) || tick < first)
                        {
                            before++;
                        }
                        else
                        {
                            Note(new RowDifference(
                                known, tick, "row", string.Empty, "a row, or the same row again", path));
                        }
                    }
                });
            }
        }

        return before;
    }

    private void ReadKeys()
    {
        foreach (long at in _folder.Hours())
        {
            int rows = 0;
            foreach (string path in _folder.FilesOf(at).ToArray())
            {
                using FeatureRowFile file = new(_files, path);
                rows += file.Rows;
                file.ReadKeys((symbol, tick) =>
                {
                    (long first, long last) = _spans.GetValueOrDefault(symbol, (tick, tick));
                    _spans[symbol] = (Math.Min(first, tick), Math.Max(last, tick));
                });
            }

            if (rows > 0)
            {
                _met.Add(at, new BitArray(rows));
            }
        }
    }

    private Hour? Load(long at)
    {
        if (!_met.ContainsKey(at))
        {
            return null;
        }

        if (!_loaded.TryGetValue(at, out Hour? hour))
        {
            if (_order.Count == HoursInMemory)
            {
                _loaded.Remove(_order.Dequeue());
            }

            _loaded.Add(at, hour = new Hour(_folder.FilesOf(at), _files));
            _order.Enqueue(at);
        }

        return hour;
    }

    private void Note(RowDifference difference)
    {
        _different++;
        if (_first is null || difference.TickTime < _first.TickTime)
        {
            _first = difference;
        }
    }

    private static bool Same(double a, double b) =>
        BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b) || (double.IsNaN(a) && double.IsNaN(b));

    private static string Text(double value) => double.IsNaN(value)
        ? string.Empty : value.ToString(CultureInfo.InvariantCulture);

    private void Guarded(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(_folder.Root, $"the rows in {_folder.Root} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The rows of an hour: where each lies, counted through its files, and their values.</summary>
    private sealed class Hour
    {
        private readonly List<(string Path, int First, double[][]? Columns)> _parts = [];

        public Hour(IEnumerable<string> paths, IFileSystem files)
        {
            int place = 0;
            foreach (string path in paths.ToArray())
            {
                using FeatureRowFile file = new(files, path);
                _parts.Add((path, place, file.Version == FeatureCatalogue.Version ? file.ReadValues() : null));

                // A row that is there twice is met once: the other one is found at the end.
                file.ReadKeys((symbol, tick) => Places.TryAdd((symbol, tick), place++));
                place = _parts[^1].First + file.Rows;
            }
        }

        public Dictionary<(string Symbol, long Tick), int> Places { get; } = [];

        public string PathOf(int place) => PartOf(place).Path;

        public (double[][] Columns, int Row)? Values(int place)
        {
            (_, int first, double[][]? columns) = PartOf(place);
            return columns is null ? null : (columns, place - first);
        }

        private (string Path, int First, double[][]? Columns) PartOf(int place) =>
            _parts.FindLast(part => part.First <= place);
    }
}
