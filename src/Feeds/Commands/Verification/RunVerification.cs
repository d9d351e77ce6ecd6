using Feeds.Simulator.Ledgers;
using Feeds.Storage;
using Feeds.Storage.Replay;

namespace Feeds.Commands.Verification;

/// <summary>
/// The four set questions about a run: nothing lost, nothing doubled, rows from the journal alone, one owner at a time.
/// </summary>
internal sealed record RunVerification
{
    /// <summary>The first two questions, by symbol and stream.</summary>
    public required IReadOnlyList<StreamAnswer> Streams { get; init; }

    /// <summary>The third question.</summary>
    public required RowVerification Rows { get; init; }

    /// <summary>Symbols of the ledger that the journal knows nothing of.</summary>
    public required IReadOnlyList<string> Unwatched { get; init; }

    /// <summary>Duplicates and late books that the node received and dropped.</summary>
    public required long Duplicates { get; init; }

    /// <summary>True when the venue closed the ledger: false when more may have been sent than it says.</summary>
    public required bool IsLedgerClosed { get; init; }

    /// <summary>True when the ledger is in the journal or declared missing.</summary>
    public bool IsComplete => Streams.All(static stream => stream.IsComplete);

    /// <summary>True when the journal is in the ledger, each id once.</summary>
    public bool IsExact => Streams.All(static stream => stream.IsExact);

    /// <summary>True when ledger and journal tell of the same run.</summary>
    public bool Overlaps => Streams.Any(static stream => stream.Journaled > 0);

    /// <summary>Asks the questions.</summary>
    /// <param name="ledger">The venue's account.</param>
    /// <param name="journalFolder">The journal's folder.</param>
    /// <param name="rows">The row file.</param>
    /// <param name="damage">Told of damage in the journal.</param>
    /// <param name="cores">How many cores fold.</param>
    /// <param name="cancellationToken">Ends it early with an exception.</param>
    /// <exception cref="StorageException">A file cannot be read.</exception>
    public static RunVerification Of(
        LedgerAccount ledger, string journalFolder, string rows, IStorageEvents damage, int cores,
        CancellationToken cancellationToken)
    {
        JournalFacts journal = JournalFacts.Read(journalFolder, damage, cancellationToken);
        HashSet<string> watched = [.. journal.Symbols.Keys.Select(static symbol => symbol.Text)];
        return new RunVerification
        {
            Streams = LedgerComparison.Compare(ledger, journal),
            Rows = new RowVerifier(journalFolder, rows, damage).Verify(
                cores: cores, cancellationToken: cancellationToken),
            Unwatched = [.. ledger.TradedSymbols.Where(symbol => !watched.Contains(symbol)).Order(
                StringComparer.Ordinal)],
            Duplicates = journal.Symbols.Values.Sum(static facts => facts.Duplicates),
            IsLedgerClosed = ledger.EndTime > 0,
        };
    }
}
