using Feeds.Actors;
using Feeds.Actors.Supervision;
using Feeds.Actors.Tree;
using Feeds.Core.Market;
using Feeds.Engine.Journaling;
using Feeds.Engine.Symbols;
using Feeds.Storage;
using Feeds.Storage.Journals;
using Feeds.Tests.Actors;
using Feeds.Tests.Time;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Feeds.Tests.Engine.Journaling;

public sealed class JournalActorTests : IAsyncDisposable
{
    private static readonly TimeSpan SnapshotInterval = TimeSpan.FromMinutes(5);
    private readonly ManualTimeProvider _clock = new();
    private readonly FaultyJournal _journal = new();
    private readonly ActorSystem _system;

    public JournalActorTests()
    {
        _system = new ActorSystem("test", _clock);
        NodeJournal journal = new(_journal, [], _clock);
        _system.ActorOf(
            new Props<JournalMessage>(() => new JournalActor(
                journal, new SymbolSet(), TimeSpan.FromSeconds(1), SnapshotInterval, NullLogger.Instance))
            {
                Supervision = new SupervisorStrategy { Backoff = new Backoff { Min = TimeSpan.FromMilliseconds(500) } },
            },
            "journal");
    }

    public async ValueTask DisposeAsync()
    {
        await _system.DisposeAsync();
        await _journal.DisposeAsync();
    }

    [Fact]
    public async Task Old_parts_that_cannot_be_removed_keep_nothing_else_from_being_done()
    {
        _journal.TendFailure = new StorageException("day", "a day of journal_block cannot be dropped");
        await UntilAsync(() => _journal.Tended >= 11);
        Assert.True(_journal.Kept >= 2, $"kept {_journal.Kept} times");
        ActorNode actor = Assert.Single(_system.Tree().Children, static child => child.Name == "journal");
        Assert.Equal(0, actor.Restarts);
    }

    [Fact]
    public async Task States_are_saved_in_time_however_often_a_flush_fails_in_between()
    {
        _journal.FlushFails = static flush => flush % 40 == 0;
        DateTimeOffset start = _clock.GetUtcNow();
        await UntilAsync(() => _journal.Kept == 3);
        Assert.True(_journal.FailedFlushes > 10, $"{_journal.FailedFlushes} failed");
        Assert.InRange(_clock.GetUtcNow() - start, 3 * SnapshotInterval, 4 * SnapshotInterval);
    }

    private Task UntilAsync(Func<bool> condition) => Eventually.True(
        () =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return condition();
        },
        "the condition");

    private sealed class FaultyJournal : IJournal
    {
        private int _flushes;
        private int _failedFlushes;
        private int _kept;
        private int _tended;

        public Exception? TendFailure { get; set; }

        public Func<int, bool> FlushFails { get; set; } = static _ => false;

        public int FailedFlushes => Volatile.Read(ref _failedFlushes);

        public int Kept => Volatile.Read(ref _kept);

        public int Tended => Volatile.Read(ref _tended);

        public long Position => 0;

        public long BytesWritten => 0;

        public long PendingBytes => 0;

        public bool HasRoom => true;

        public ISymbolJournal For(Symbol symbol, long lastSequence) => throw new NotSupportedException();

        public ValueTask FlushAsync(CancellationToken cancellationToken)
        {
            if (!FlushFails(Interlocked.Increment(ref _flushes)))
            {
                return default;
            }

            Interlocked.Increment(ref _failedFlushes);
            throw new StorageException("journal", "the disk is full");
        }

        public ValueTask<IReadOnlyDictionary<Symbol, RecoveredSymbol>> RecoverAsync(
            IReadOnlyCollection<Symbol> symbols, Func<Symbol, long> durableTick, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask KeepAsync(
            long position, IReadOnlyList<SymbolSnapshot> states, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _kept);
            return default;
        }

        public ValueTask TendAsync(Func<Symbol, long> durableTick, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _tended);
            return TendFailure is { } failure ? ValueTask.FromException(failure) : default;
        }

        public ValueTask DisposeAsync() => default;
    }
}
