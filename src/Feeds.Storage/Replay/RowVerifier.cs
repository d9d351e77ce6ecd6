using System.Buffers;
using System.Text;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Storage.Files;
using Feeds.Storage.Journals;
using Feeds.Storage.Sinks;

namespace Feeds.Storage.Replay;

/// <summary>
/// Makes the rows again from the journal and compares them with those that the row files still hold, byte for byte.
/// Rows younger than the sink's last one of a symbol are no difference: a stop may lie between journal and sink, and
/// the next start writes them.
/// </summary>
public sealed class RowVerifier
{
    private readonly string _journal;
    private readonly string _csvPath;
    private readonly IFileSystem _files;
    private readonly IStorageEvents _events;

    /// <summary>Makes a verifier of a journal's folder and the row file written beside it.</summary>
    public RowVerifier(string journalFolder, string csvPath, IStorageEvents? events = null)
        : this(journalFolder, csvPath, DiskFileSystem.Instance, events ?? NoStorageEvents.Instance)
    {
    }

    internal RowVerifier(string journalFolder, string csvPath, IFileSystem files, IStorageEvents events)
    {
        _journal = journalFolder;
        _csvPath = csvPath;
        _files = files;
        _events = events;
    }

    /// <summary>Compares.</summary>
    /// <param name="symbols">Which symbols; null for all of the journal.</param>
    /// <param name="fromTick">The first tick, epoch ms.</param>
    /// <param name="toTick">The last tick, epoch ms.</param>
    /// <param name="cores">How many cores fold.</param>
    /// <param name="onTick">
    /// Called with each tick before it is compared: a pace, or a display of progress; null for none.
    /// </param>
    /// <param name="cancellationToken">Ends it early with an exception.</param>
    /// <exception cref="StorageException">A file cannot be read.</exception>
    /// <exception cref="JournalVersionException">The journal is of a newer program.</exception>
    public RowVerification Verify(
        IReadOnlyCollection<Symbol>? symbols = null,
        long fromTick = 0,
        long toTick = long.MaxValue,
        int cores = 1,
        Action<FoldedTick>? onTick = null,
        CancellationToken cancellationToken = default)
    {
        HashSet<Symbol>? wanted = symbols is null ? null : [.. symbols];
        try
        {
            using CsvRows stored = CsvRows.Read(
                _files, _csvPath,
                (symbol, tick) => tick >= fromTick && tick <= toTick && (wanted?.Contains(symbol) ?? true));
            Comparison comparison = new(stored);

            // From the beginning of what is held: a fold from a snapshot would not check what lies before it.
            IReadOnlyDictionary<Symbol, FoldedSymbol> folded = new JournalFold(_journal, _files, _events).Run(
                new FoldOptions
                {
                    Symbols = symbols,
                    AfterTick = _ => fromTick - 1,
                    LastTick = toTick,
                    Cores = cores,
                    UseSnapshots = fromTick > 0,
                },
                tick =>
                {
                    onTick?.Invoke(tick);
                    comparison.Take(tick);
                },
                cancellationToken);
            return comparison.Finish(folded);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(_csvPath, $"the rows in {_csvPath} cannot be read: {e.Message}", e);
        }
    }

    private sealed class Comparison(CsvRows stored)
    {
        private readonly ArrayBufferWriter<byte> _line = new(256);
        private readonly HashSet<(Symbol Symbol, long Tick)> _seen = [];
        private readonly Dictionary<Symbol, long> _firstReplayed = [];
        private long _identical;
        private long _different;
        private long _unjudged;
        private RowDifference? _first;

        public void Take(FoldedTick tick)
        {
            FeedRow row = tick.Rows.Feed;
            _firstReplayed.TryAdd(row.Symbol, row.TickTime);
            if (!stored.TryGet(row.Symbol, row.TickTime, out ReadOnlySpan<byte> line, out string place))
            {
                bool shouldBeThere = stored.Spans.TryGetValue(row.Symbol, out (long First, long Last) span)
                    && row.TickTime > span.First && row.TickTime < span.Last;
                if (shouldBeThere)
                {
                    Note(new RowDifference(
                        row.Symbol, row.TickTime, "row", FeedRowCsv.ToLine(row), string.Empty, string.Empty));
                }

                return;
            }

            _seen.Add((row.Symbol, row.TickTime));
            _line.ResetWrittenCount();
            FeedRowCsv.Write(row, _line);
            ReadOnlySpan<byte> replayed = _line.WrittenSpan[..^1];
            if (replayed.SequenceEqual(line))
            {
                // Behind a hole an equal row is still equal.
                _identical++;
            }
            else if (!tick.IsWhole)
            {
                _unjudged++;
            }
            else
            {
                Note(Differing(row, Encoding.UTF8.GetString(replayed), Encoding.UTF8.GetString(line), place));
            }
        }

        public RowVerification Finish(IReadOnlyDictionary<Symbol, FoldedSymbol> folded)
        {
            long before = 0;
            foreach ((Symbol symbol, long tick) in stored.Keys)
            {
                if (_seen.Contains((symbol, tick)))
                {
                    continue;
                }

                if (!_firstReplayed.TryGetValue(symbol, out long first) || tick < first)
                {
                    before++;
                }
                else if (folded[symbol].Holes.Any(hole => tick >= hole.Time - MaxTickDistanceMs && tick <= hole.Time))
                {
                    // The tick's own event lies in the hole.
                    _unjudged++;
                }
                else
                {
                    stored.TryGet(symbol, tick, out ReadOnlySpan<byte> line, out string place);
                    Note(new RowDifference(symbol, tick, "row", string.Empty, Encoding.UTF8.GetString(line), place));
                }
            }

            foreach ((Symbol symbol, long tick) in stored.Doubled)
            {
                stored.TryGet(symbol, tick, out ReadOnlySpan<byte> line, out string place);
                string text = Encoding.UTF8.GetString(line);
                Note(new RowDifference(symbol, tick, "row", text, $"{text} (twice)", place));
            }

            return new RowVerification
            {
                Identical = _identical,
                Different = _different,
                First = _first,
                Unjudged = _unjudged,
                BeforeJournal = before,
                Holes = [.. folded.Values.SelectMany(symbol => symbol.Holes)],
                EventCount = folded.Values.Sum(symbol => symbol.EventCount),
                Symbols = [.. folded.Keys],
            };
        }

        private const long MaxTickDistanceMs = 3_600_000;

        private void Note(RowDifference difference)
        {
            _different++;
            if (_first is null || difference.TickTime < _first.TickTime)
            {
                _first = difference;
            }
        }

        private static RowDifference Differing(FeedRow row, string replayed, string stored, string place)
        {
            IReadOnlyList<string> a = FeedRowCsv.SplitCells(replayed);
            IReadOnlyList<string> b = FeedRowCsv.SplitCells(stored);
            for (int i = 0; i < Math.Max(a.Count, b.Count); i++)
            {
                string left = i < a.Count ? a[i] : string.Empty;
                string right = i < b.Count ? b[i] : string.Empty;
                if (!string.Equals(left, right, StringComparison.Ordinal) || i >= a.Count || i >= b.Count)
                {
                    string column = i < FeedRowCsv.Columns.Count ? FeedRowCsv.Columns[i] : $"column {i + 1}";
                    return new RowDifference(row.Symbol, row.TickTime, column, left, right, place);
                }
            }

            return new RowDifference(row.Symbol, row.TickTime, "row", replayed, stored, place);
        }
    }
}
