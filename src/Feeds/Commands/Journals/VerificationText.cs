using Feeds.Storage.Journals;
using Feeds.Storage.Replay;
using Feeds.Terminal;

namespace Feeds.Commands.Journals;

/// <summary>What <c>feeds replay --verify</c> found, in words and as a document.</summary>
internal static class VerificationText
{
    /// <summary>Writes it for a person; the last line is the verdict.</summary>
    public static void Write(RowVerification result, TextWriter output)
    {
        foreach (JournalHole hole in result.Holes)
        {
            output.WriteLine(FormattableString.Invariant(
                $"hole: {hole.Symbol} sequences {hole.FromSequence} to {hole.ToSequence}, before {JournalPlace.Text(hole.Time)}"));
        }

        if (result.BeforeJournal > 0)
        {
            output.WriteLine(
                FormattableString.Invariant($"{result.BeforeJournal} rows are older than the journal: not compared"));
        }

        if (result.First is { } first)
        {
            output.WriteLine(PlainText.Of(FormattableString.Invariant(
                $"first difference: {first.Symbol} {JournalPlace.Text(first.TickTime)} column {first.Column}: replayed '{first.Replayed}', stored '{first.Stored}' {first.Place}")));
        }

        if (result.Unjudged > 0)
        {
            output.WriteLine(
                FormattableString.Invariant($"not judged, behind a hole of the journal: {result.Unjudged} rows"));
        }

        output.WriteLine(
            !result.Overlaps && result.Unjudged == 0 ? "nothing to compare: journal and rows have no tick in common"
            : result.IsIdentical ? FormattableString.Invariant($"identical: {result.Identical} rows")
            : FormattableString.Invariant($"different: {result.Different} rows, identical: {result.Identical} rows"));
    }

    /// <summary>Returns it for a program.</summary>
    public static object Document(RowVerification result, RowVerification? features, long damaged) => new
    {
        result.Identical,
        result.Different,
        result.Unjudged,
        result.BeforeJournal,
        Events = result.EventCount,
        Damaged = damaged,
        First = Document(result.First),
        Features = features is null
            ? null
            : new
            {
                features.Identical,
                features.Different,
                features.Unjudged,
                features.BeforeJournal,
                First = Document(features.First)
            },
    };

    private static object? Document(RowDifference? first) => first is { } f
        ? new { Symbol = f.Symbol.Text, f.TickTime, f.Column, f.Replayed, f.Stored, f.Place }
        : null;
}
