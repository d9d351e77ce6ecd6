using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Storage.Journals;

namespace Feeds.Storage.Replay;

/// <summary>
/// The rows that a batch makes of a journal's events: slow records in the order in which they became available, each
/// just before the first tick that may know it, into a fresh state. They are the live ones, as the order of arrival
/// must leave no trace.
/// </summary>
public sealed class BatchFold
{
    private readonly string _folder;
    private readonly IStorageEvents _events;

    /// <summary>Makes the fold of a journal's folder.</summary>
    public BatchFold(string folder, IStorageEvents? events = null)
    {
        _folder = folder;
        _events = events ?? NoStorageEvents.Instance;
    }

    /// <summary>
    /// Returns the feature rows by symbol, each in the order of ticks. A symbol whose first events are not in the
    /// journal any more is left out: nothing can begin there but a snapshot.
    /// </summary>
    /// <param name="symbols">Which symbols; null for all.</param>
    /// <param name="cancellationToken">Ends it early with an exception; nothing was changed.</param>
    public IReadOnlyDictionary<Symbol, List<FeatureRow>> Run(
        IReadOnlyCollection<Symbol>? symbols, CancellationToken cancellationToken = default)
    {
        Visitor visitor = new(symbols is null ? null : [.. symbols]);
        new JournalReader(_folder, _events).Read(visitor, cancellationToken);
        return visitor.Rows;
    }

    private sealed class Visitor(HashSet<Symbol>? wanted) : IJournalVisitor
    {
        private readonly Dictionary<Symbol, Batch> _batches = [];

        public IReadOnlyDictionary<Symbol, List<FeatureRow>> Rows =>
            _batches.Where(static each => each.Value.IsWhole).ToDictionary(
                static each => each.Key, static each => each.Value.Rows);

        public long NextSequence(Symbol symbol) =>
            wanted?.Contains(symbol) == false ? long.MaxValue
            : _batches.TryGetValue(symbol, out Batch? batch) ? batch.NextSequence : 1;

        public void Visit(Symbol symbol, long sequence, in MarketEvent e)
        {
            if (!_batches.TryGetValue(symbol, out Batch? batch))
            {
                _batches.Add(symbol, batch = new Batch(symbol));
            }

            batch.Take(sequence, e);
        }
    }

    private sealed class Batch(Symbol symbol)
    {
        private readonly SymbolState _state = new(symbol);
        private readonly PriorityQueue<MarketEvent, (long Time, long Sequence)> _waiting = new();

        public List<FeatureRow> Rows { get; } = [];

        public long NextSequence { get; private set; } = 1;

        public bool IsWhole { get; private set; } = true;

        public void Take(long sequence, in MarketEvent e)
        {
            IsWhole &= sequence == NextSequence;
            NextSequence = sequence + 1;
            if (AvailableTime.Waits(e.Kind))
            {
                _waiting.Enqueue(e, (AvailableTime.Of(e), sequence));
                return;
            }

            while (e.Kind == EventKind.Tick && _waiting.TryPeek(out _, out (long Time, long) next)
                && next.Time <= e.EventTime)
            {
                Apply(_waiting.Dequeue());
            }

            Apply(e);
        }

        private void Apply(in MarketEvent e)
        {
            if (_state.Admit(e) == Admission.Accepted && _state.Apply(e)?.Features is { } row)
            {
                Rows.Add(row);
            }
        }
    }
}
