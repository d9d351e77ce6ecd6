using Feeds.Actors;
using Feeds.Engine.Symbols;
using Feeds.Storage;
using Feeds.Storage.Journals;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine.Journaling;

/// <summary>
/// Looks after the journal: flushes it so often that a power cut takes little, saves the states of symbols now and
/// then, seals full segments and removes old ones. A flush that fails, as on a full disk, fails this actor and is tried
/// again; what waits stays in memory meanwhile. Sealing and removing that fails is said, and tried again in a minute.
/// </summary>
internal sealed class JournalActor(
    NodeJournal journal, SymbolSet symbols, TimeSpan flushInterval, TimeSpan snapshotInterval, ILogger logger)
    : Actor<JournalMessage>
{
    private static readonly TimeSpan TendInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SaveTimeout = TimeSpan.FromSeconds(10);

    private bool _tending;
    private Exception? _tendFailure;

    protected override ValueTask PreStart(CancellationToken stopping)
    {
        Context.ScheduleRepeatedly(flushInterval, flushInterval, JournalMessage.Flush);

        // Counted over restarts: whatever fails again and again in between, states are saved.
        TimeSpan due = snapshotInterval - journal.SinceKept;
        Context.ScheduleRepeatedly(
            due > TimeSpan.Zero ? due : flushInterval, snapshotInterval, JournalMessage.Snapshot);
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
                switch (Interlocked.Exchange(ref _tendFailure, null))
                {
                    case null:
                        break;
                    case StorageException failure and not StorageSuspectException:
                        Log.JournalNotTended(logger, failure.Message);
                        break;
                    case { } failure:
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
        journal.KeptAll();
    }
}
