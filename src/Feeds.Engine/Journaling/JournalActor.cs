using Feeds.Actors;
using Feeds.Engine.Symbols;
using Feeds.Storage.Journals;

namespace Feeds.Engine.Journaling;

/// <summary>
/// Looks after the journal: flushes it so often that a power cut takes little, saves the states of symbols now and
/// then, seals full segments and removes old ones. A disk that is full fails this actor and is tried again; what waits
/// stays in memory meanwhile.
/// </summary>
internal sealed class JournalActor(
    NodeJournal journal, SymbolSet symbols, TimeSpan flushInterval, TimeSpan snapshotInterval)
    : Actor<JournalMessage>
{
    private static readonly TimeSpan TendInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SaveTimeout = TimeSpan.FromSeconds(10);

    private bool _tending;
    private Exception? _tendFailure;

    protected override ValueTask PreStart(CancellationToken stopping)
    {
        Context.ScheduleRepeatedly(flushInterval, flushInterval, JournalMessage.Flush);
        Context.ScheduleRepeatedly(snapshotInterval, snapshotInterval, JournalMessage.Snapshot);
        Context.ScheduleRepeatedly(TendInterval, TendInterval, JournalMessage.Tend);
        return default;
    }

    protected override async ValueTask Receive(JournalMessage message, CancellationToken stopping)
    {
        switch (message)
        {
            case JournalMessage.Flush:
                await journal.FlushAsync(stopping);
                break;
            case JournalMessage.Snapshot:
                await SnapshotAsync(stopping);
                break;
            case JournalMessage.Tend when !_tending:
                _tending = true;
                Context.PipeToSelf(TendAsync, static () => JournalMessage.Tended, NoteFailure);
                break;
            case JournalMessage.Tended:
                _tending = false;
                if (Interlocked.Exchange(ref _tendFailure, null) is { } failure)
                {
                    throw failure;
                }

                break;
            default:
                break;
        }
    }

    // Compressing takes seconds: beside the messages, or flushes would wait for it.
    private async Task TendAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        await journal.TendAsync(cancellationToken);
    }

    private JournalMessage NoteFailure(Exception failure)
    {
        Volatile.Write(ref _tendFailure, failure);
        return JournalMessage.Tended;
    }

    private async ValueTask SnapshotAsync(CancellationToken cancellationToken)
    {
        long position = journal.Position;
        List<SymbolSnapshot> states = [];
        foreach (SymbolEntry entry in symbols.Entries)
        {
            try
            {
                states.Add(await entry.Actor.Ask<SymbolSnapshot>(
                    reply => new SymbolMessage(default, reply), SaveTimeout, cancellationToken));
            }
            catch (Exception failure) when (failure is AskTimeoutException or ActorStoppedException)
            {
                // A symbol that is down or far behind has no state to save; its older snapshot and the journal hold it.
            }
        }

        await journal.KeepAsync(position, states, cancellationToken);
    }
}
