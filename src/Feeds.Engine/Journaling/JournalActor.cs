using Feeds.Actors;
using Feeds.Engine.Symbols;
using Feeds.Storage.Journals;

namespace Feeds.Engine.Journaling;

/// <summary>
/// Looks after the journal: flushes it so often that a power cut takes little, saves the states of symbols now and then. A disk
/// that is full fails this actor and is tried again; what waits stays in memory meanwhile.
/// </summary>
internal sealed class JournalActor(NodeJournal journal, SymbolSet symbols, TimeSpan flushInterval, TimeSpan snapshotInterval)
    : Actor<JournalMessage>
{
    private static readonly TimeSpan SaveTimeout = TimeSpan.FromSeconds(10);

    protected override ValueTask PreStart(CancellationToken stopping)
    {
        Context.ScheduleRepeatedly(flushInterval, flushInterval, JournalMessage.Flush);
        Context.ScheduleRepeatedly(snapshotInterval, snapshotInterval, JournalMessage.Snapshot);
        return default;
    }

    protected override async ValueTask Receive(JournalMessage message, CancellationToken stopping)
    {
        switch (message)
        {
            case JournalMessage.Flush:
                journal.Writer.Flush();
                break;
            case JournalMessage.Snapshot:
                await SnapshotAsync(stopping);
                break;
            default:
                break;
        }
    }

    private async ValueTask SnapshotAsync(CancellationToken cancellationToken)
    {
        long position = journal.Writer.Position;
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

        journal.Keep(position, states);
    }
}
