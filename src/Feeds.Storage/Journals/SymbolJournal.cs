using Feeds.Core;
using Feeds.Core.Market;

namespace Feeds.Storage.Journals;

/// <summary>One symbol's part of a <see cref="JournalWriter"/>: what its actor holds on to, so that an append looks nothing up.</summary>
public sealed class SymbolJournal
{
    private readonly JournalWriter _writer;

    internal SymbolJournal(JournalWriter writer, Symbol symbol, long lastSequence)
    {
        _writer = writer;
        Symbol = symbol;
        LastSequence = lastSequence;
    }

    /// <summary>Whose events.</summary>
    public Symbol Symbol { get; }

    /// <summary>Sequence of the last event appended or, before that, of the last one that the journal held; 0 for none.</summary>
    public long LastSequence { get; internal set; }

    /// <summary>The filling of the frame buffer in which <see cref="Slot"/> holds.</summary>
    internal long Filling { get; set; } = -1;

    /// <summary>The symbol's number in the frame that is being filled.</summary>
    internal int Slot { get; set; }

    /// <summary>
    /// Encodes an event; its book buffer may be returned afterwards. Returns its position in the journal of the node: it is durable
    /// once <see cref="JournalWriter.DurablePosition"/> has reached it. Safe from any thread, one at a time for each symbol.
    /// </summary>
    /// <exception cref="FeedsException"><paramref name="sequence"/> is not the next one: an invariant is broken.</exception>
    /// <exception cref="StorageException">Too much waits for a disk that takes nothing; the event was not taken.</exception>
    /// <exception cref="StorageSuspectException">The journal has failed for good.</exception>
    public long Append(long sequence, in MarketEvent e) => _writer.Append(this, sequence, e);
}
