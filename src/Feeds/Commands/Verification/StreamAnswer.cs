using Feeds.Core.Market;

namespace Feeds.Commands.Verification;

/// <summary>The first two set questions, answered for one stream of one symbol.</summary>
internal sealed record StreamAnswer(string Symbol, Feed Feed)
{
    /// <summary>Messages of the ledger that the journal has to account for.</summary>
    public long Ledger { get; init; }

    /// <summary>Those that the journal holds.</summary>
    public long Journaled { get; init; }

    /// <summary>Books that newer ones replaced in the mailbox, as the journal tells.</summary>
    public long Conflated { get; init; }

    /// <summary>
    /// Those that lie in a declared gap: a stretch without connection, ids that could not be had again.
    /// </summary>
    public long Declared { get; init; }

    /// <summary>Those that were under way, or under repair, when the journal ended, or came later.</summary>
    public long UnderWay { get; init; }

    /// <summary>Lost: neither journaled nor declared. The first question asks for 0.</summary>
    public long Lost { get; init; }

    /// <summary>Of the lost ones, those that the venue itself never sent on any connection.</summary>
    public long LostUnsent { get; init; }

    /// <summary>Key of the first lost one; null for none.</summary>
    public long? FirstLost { get; init; }

    /// <summary>Journaled, and not in the ledger. The second question asks for 0.</summary>
    public long MadeUp { get; init; }

    /// <summary>Journaled more than once. The second question asks for 0.</summary>
    public long Doubled { get; init; }

    /// <summary>Key of the first event that is made up or doubled; null for none.</summary>
    public long? FirstWrong { get; init; }

    /// <summary>Messages that the venue sent again: on another connection, or as a duplicate.</summary>
    public long SentAgain { get; init; }

    /// <summary>True when the ledger is in the journal or declared.</summary>
    public bool IsComplete => Lost == 0;

    /// <summary>True when the journal is in the ledger, each id once.</summary>
    public bool IsExact => MadeUp == 0 && Doubled == 0;
}
