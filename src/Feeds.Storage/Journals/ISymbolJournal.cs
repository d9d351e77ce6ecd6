using Feeds.Core;
using Feeds.Core.Market;

namespace Feeds.Storage.Journals;

/// <summary>One symbol's part of a journal: what its actor holds on to, so that an append looks nothing up.</summary>
public interface ISymbolJournal
{
    /// <summary>Whose events.</summary>
    Symbol Symbol { get; }

    /// <summary>
    /// Sequence of the last event appended or, before that, of the last one that the journal held; 0 for none.
    /// </summary>
    long LastSequence { get; }

    /// <summary>
    /// Encodes an event; its book buffer may be returned afterwards. Returns its position in the journal of the node.
    /// Safe from any thread, one at a time for each symbol.
    /// </summary>
    /// <exception cref="FeedsException">
    /// <paramref name="sequence"/> is not the next one: an invariant is broken.
    /// </exception>
    /// <exception cref="StorageException">Too much waits to become durable; the event was not taken.</exception>
    /// <exception cref="StorageSuspectException">The journal has failed for good.</exception>
    long Append(long sequence, in MarketEvent e);
}
