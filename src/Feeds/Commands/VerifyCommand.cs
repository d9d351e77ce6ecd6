using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Feeds.Commands.Journals;
using Feeds.Commands.Verification;
using Feeds.Configuration;
using Feeds.Core;
using Feeds.Core.Market;
using Feeds.Http;
using Feeds.Simulator.Ledgers;
using Feeds.Storage.Journals;
using Feeds.Storage.Replay;
using Feeds.Terminal;

namespace Feeds.Commands;

/// <summary><c>feeds verify</c>: the stand-in exchange's account of a run against what a node made of it.</summary>
internal sealed class VerifyCommand : FeedsCommand
{
    private readonly JournalPlace _place = new();

    private readonly Option<string> _ledger = new("--ledger")
    {
        Description = "The file that feeds simulate --ledger or feeds demo --ledger wrote",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<bool> _json = new("--json") { Description = "As JSON" };

    /// <summary>Makes the command.</summary>
    public VerifyCommand()
        : base(
            "verify",
            "Hold a run against the exchange's ledger: nothing lost, nothing doubled, rows from the journal alone",
            "feeds verify --ledger ledger.jsonl --data-dir data")
    {
        Options.Add(_ledger);
        _place.AddTo(this, part: false);
        Options.Add(_json);
        SetAction((parsed, cancellationToken) => Task.Run(() => Run(parsed, cancellationToken), cancellationToken));
    }

    private int Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        DamageReport damage = new(parsed.InvocationConfiguration.Error);
        RunVerification result;
        try
        {
            string folder = _place.Folder(parsed);
            LedgerAccount ledger = LedgerReader.Read(parsed.GetValue(_ledger)!, cancellationToken);
            result = RunVerification.Of(
                ledger, folder, _place.Rows(parsed), damage, Environment.ProcessorCount, cancellationToken);
        }
        catch (Exception e) when (e is JournalVersionException
            || (e is FeedsException and not Storage.StorageException))
        {
            throw new ConfigurationException(e.Message);
        }

        TextWriter output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(_json))
        {
            output.WriteLine(JsonSerializer.Serialize(Document(result, damage.Count), StatusDocuments.IndentedJson));
        }
        else
        {
            Say(result, damage.Count, output);
        }

        return !result.Overlaps ? ExitCode.NothingInCommon : Holds(result, damage.Count)
            ? ExitCode.Ok : ExitCode.Failed;
    }

    // Rows may be absent altogether, as when a run was shorter than an interval; those that are there must be right.
    private static bool Holds(RunVerification result, int damaged) =>
        result.IsComplete && result.IsExact && RowsHold(result.Rows) && damaged == 0;

    private static bool RowsHold(RowVerification rows) => rows.Different == 0 && rows.Unjudged == 0
        && rows.Holes.Count == 0;

    private static void Say(RunVerification result, int damaged, TextWriter output)
    {
        output.WriteLine(Columns(
            "symbol", "stream", "ledger", "journaled", "conflated", "declared", "under way", "lost", "made up",
            "doubled"));
        foreach (StreamAnswer stream in result.Streams)
        {
            output.WriteLine(PlainText.Of(Columns(
                stream.Symbol, stream.Feed.Name(), Figure(stream.Ledger), Figure(stream.Journaled),
                Figure(stream.Conflated),
                Figure(stream.Declared), Figure(stream.UnderWay), Figure(stream.Lost), Figure(stream.MadeUp),
                Figure(stream.Doubled))));
        }

        if (result.Unwatched.Count > 0)
        {
            output.WriteLine(PlainText.Of($"in the ledger and not watched: {string.Join(", ", result.Unwatched)}"));
        }

        if (!result.IsLedgerClosed)
        {
            output.WriteLine("the ledger was not closed: what the journal has beyond its end is not judged");
        }

        long again = result.Streams.Sum(static stream => stream.SentAgain);
        output.WriteLine(
            Invariant($"duplicates: {again} sent again, {result.Duplicates} duplicates and late books dropped"));
        output.WriteLine(
            Answer(1, result.IsComplete, "nothing lost: the ledger is in the journal or in declared gaps", First(
            result.Streams, static stream => !stream.IsComplete,
            static s => Invariant($"{s.Lost} lost, {s.LostUnsent} of them never sent, the first is {s.FirstLost}"))));
        output.WriteLine(
            Answer(2, result.IsExact, "nothing doubled or made up: the journal is in the ledger, each id once", First(
            result.Streams, static stream => !stream.IsExact,
            static s => Invariant($"{s.MadeUp} made up, {s.Doubled} doubled, the first is {s.FirstWrong}"))));
        output.WriteLine(Answer(
            3, RowsHold(result.Rows) && damaged == 0, Rows(result.Rows),
            damaged > 0
                ? Invariant($"{Rows(result.Rows)}, and {damaged} places of the journal are damaged")
                : Rows(result.Rows)));
        output.WriteLine("4  yes  epochs: none, a journal of segments has one writer and one owner");
        output.WriteLine(
            !result.Overlaps ? "nothing to compare: ledger and journal have no message in common"
            : Holds(result, damaged)
            ? Invariant(
                $"holds: {result.Streams.Sum(static stream => stream.Journaled)} messages, {result.Rows.Identical} rows")
            : "does not hold");
    }

    private static string Rows(RowVerification rows) => rows switch
    {
        { First: { } first } => PlainText.Of(Invariant(
            $"replayed rows differ: {rows.Different}, the first is {first.Symbol} {JournalPlace.Text(first.TickTime)} column {first.Column}: replayed '{first.Replayed}', stored '{first.Stored}' {first.Place}")),
        { Holes.Count: > 0 } =>
            Invariant($"the journal has {rows.Holes.Count} holes, {rows.Unjudged} rows lie behind them"),
        { Overlaps: false } => "replayed rows: none are stored, nothing to compare",
        _ => Invariant($"replayed rows equal the stored ones: {rows.Identical}"),
    };

    private static string First(
        IReadOnlyList<StreamAnswer> streams, Func<StreamAnswer, bool> isBad, Func<StreamAnswer, string> what) =>
        string.Join("; ", streams.Where(isBad).Select(s => PlainText.Of($"{s.Symbol} {s.Feed.Name()}: {what(s)}")));

    private static string Answer(int question, bool holds, string yes, string no) =>
        Invariant($"{question}  {(holds ? "yes" : "NO ")}  {(holds ? yes : no)}");

    private static string Columns(params string[] cells) => string.Create(
        CultureInfo.InvariantCulture,
        $"{cells[0],-16} {cells[1],-8}{string.Concat(cells.Skip(2).Select(static cell => $"{cell,11}"))}");

    private static string Figure(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private static object Document(RunVerification result, int damaged) => new
    {
        Holds = result.Overlaps && Holds(result, damaged),
        NothingLost = result.IsComplete,
        NothingDoubled = result.IsExact,
        RowsEqual = RowsHold(result.Rows) && damaged == 0,
        Epochs = "none",
        LedgerClosed = result.IsLedgerClosed,
        result.Duplicates,
        Damaged = damaged,
        Rows = new { result.Rows.Identical, result.Rows.Different, result.Rows.Unjudged },
        result.Unwatched,
        Streams = result.Streams.Select(static s => new
        {
            s.Symbol,
            Stream = s.Feed.Name(),
            s.Ledger,
            s.Journaled,
            s.Conflated,
            s.Declared,
            s.UnderWay,
            s.Lost,
            s.LostUnsent,
            s.FirstLost,
            s.MadeUp,
            s.Doubled,
            s.FirstWrong,
            s.SentAgain,
        }),
    };
}
