using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Feeds.Commands.Journals;
using Feeds.Configuration;
using Feeds.Core.Symbols;
using Feeds.Http;
using Feeds.Storage.Journals;
using Feeds.Storage.Replay;
using Feeds.Storage.Sinks;
using Feeds.Terminal;

using Symbol = Feeds.Core.Market.Symbol;

namespace Feeds.Commands;

/// <summary><c>feeds replay</c>: the rows again, from the journal.</summary>
internal sealed class ReplayCommand : FeedsCommand
{
    private readonly JournalPlace _place = new();

    private readonly Option<bool> _verify = new("--verify") { Description = "Compare with the rows that the row file still holds, byte for byte" };

    private readonly Option<string?> _parquet = new("--parquet")
    {
        Description = "With --verify: compare the feature rows in DIR/feature_row as well",
        HelpName = "DIR",
    };

    private readonly Option<string?> _out = new("--out") { Description = "Write the rows to DIR/feeds_log.csv instead of the output", HelpName = "DIR" };

    private readonly Option<string?> _speed = new("--speed") { Description = "Times as fast as it was; without it as fast as it goes", HelpName = "X" };

    private readonly Option<int> _cores = NumberOption.Whole("--cores", "How many cores fold; the rows do not depend on it (default: all)", 1, 1024);

    private readonly Option<bool> _json = new("--json") { Description = "The result of --verify as one line of JSON" };

    /// <summary>Makes the command.</summary>
    public ReplayCommand()
        : base(
            "replay",
            "Make the rows again from the journal; print, write or compare them",
            "feeds replay --verify",
            "feeds replay --from 2026-11-21T03:30:00Z --to 2026-11-21T04:30:00Z --symbols BTCUSDT,ETHUSDT --out again")
    {
        _place.AddTo(this, part: true);
        Options.Add(_verify);
        Options.Add(_parquet);
        Options.Add(_out);
        Options.Add(_speed);
        Options.Add(_cores);
        Options.Add(_json);
        SetAction((parsed, cancellationToken) => Task.Run(() => RunAsync(parsed, cancellationToken), cancellationToken));
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        (long from, long to) = _place.Span(parsed);
        Pace pace = Pace.Of(parsed.GetValue(_speed), cancellationToken);
        int cores = parsed.GetValue(_cores) is > 0 and int given ? given : Environment.ProcessorCount;
        try
        {
            string folder = _place.Folder(parsed);
            IReadOnlyCollection<Symbol>? symbols = _place.Symbols(parsed, folder);
            FoldOptions options = new()
            {
                Symbols = symbols,
                AfterTick = _ => from - 1,
                LastTick = to,
                Cores = cores,
                UseSnapshots = from > 0,
            };
            return parsed.GetValue(_verify)
                ? Verify(parsed, folder, options, from, pace, cancellationToken)
                : await WriteAsync(parsed, folder, options, pace, cancellationToken);
        }
        catch (JournalVersionException e)
        {
            throw new ConfigurationException(e.Message);
        }
    }

    private int Verify(
        ParseResult parsed, string folder, FoldOptions options, long from, Pace pace, CancellationToken cancellationToken)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        DamageReport damage = new(parsed.InvocationConfiguration.Error);
        HashSet<Symbol>? wanted = options.Symbols is null ? null : [.. options.Symbols];
        FeatureRowCheck? check = parsed.GetValue(_parquet) is { } table
            ? new FeatureRowCheck(
                table, (symbol, tick) => tick >= from && tick <= options.LastTick && (wanted?.Contains(symbol) ?? true))
            : null;
        RowVerification result = new RowVerifier(folder, _place.Rows(parsed), damage).Verify(
            options.Symbols,
            from,
            options.LastTick,
            options.Cores,
            tick =>
            {
                pace.Hold(tick);
                check?.Take(tick);
            },
            cancellationToken);
        RowVerification? features = check?.Finish();
        if (parsed.GetValue(_json))
        {
            output.WriteLine(JsonSerializer.Serialize(Document(result, features, damage.Count), StatusDocuments.Json));
        }
        else
        {
            Say(result, output);
            if (features is not null)
            {
                output.Write("feature rows: ");
                Say(features, output);
            }
        }

        return !result.Overlaps && result.Unjudged == 0 ? ExitCode.NothingInCommon
            : result.IsIdentical && features is not { IsIdentical: false } && damage.Count == 0 ? ExitCode.Ok
            : ExitCode.Failed;
    }

    private static object Document(RowVerification result, RowVerification? features, long damaged) => new
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
            : new { features.Identical, features.Different, features.Unjudged, features.BeforeJournal, First = Document(features.First) },
    };

    private static object? Document(RowDifference? first) => first is { } f
        ? new { Symbol = f.Symbol.Text, f.TickTime, f.Column, f.Replayed, f.Stored, f.Place }
        : null;

    private static void Say(RowVerification result, TextWriter output)
    {
        foreach (JournalHole hole in result.Holes)
        {
            output.WriteLine(FormattableString.Invariant(
                $"hole: {hole.Symbol} sequences {hole.FromSequence} to {hole.ToSequence}, before {JournalPlace.Text(hole.Time)}"));
        }

        if (result.BeforeJournal > 0)
        {
            output.WriteLine(FormattableString.Invariant($"{result.BeforeJournal} rows are older than the journal: not compared"));
        }

        if (result.First is { } first)
        {
            output.WriteLine(PlainText.Of(FormattableString.Invariant(
                $"first difference: {first.Symbol} {JournalPlace.Text(first.TickTime)} column {first.Column}: replayed '{first.Replayed}', stored '{first.Stored}' {first.Place}")));
        }

        if (result.Unjudged > 0)
        {
            output.WriteLine(FormattableString.Invariant($"not judged, behind a hole of the journal: {result.Unjudged} rows"));
        }

        output.WriteLine(
            !result.Overlaps && result.Unjudged == 0 ? "nothing to compare: journal and rows have no tick in common"
            : result.IsIdentical ? FormattableString.Invariant($"identical: {result.Identical} rows")
            : FormattableString.Invariant($"different: {result.Different} rows, identical: {result.Identical} rows"));
    }

    private async Task<int> WriteAsync(
        ParseResult parsed, string folder, FoldOptions options, Pace pace, CancellationToken cancellationToken)
    {
        DamageReport damage = new(parsed.InvocationConfiguration.Error);
        long rows = 0;
        if (parsed.GetValue(_out) is { } directory)
        {
            string path = Path.Combine(directory, "feeds_log.csv");
            await using CsvRowSink sink = CsvRowSink.Open(new CsvRowSinkOptions { Path = path, RotateBytes = long.MaxValue });
            List<TickRows> batch = [];
            new JournalFold(folder, damage).Run(
                options,
                tick =>
                {
                    pace.Hold(tick);
                    batch.Add(tick.Rows);
                    rows++;
                    if (batch.Count >= BatchRows)
                    {
                        Write(sink, batch);
                    }
                },
                cancellationToken);
            Write(sink, batch);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"{sink.RowsWritten} rows written to {path}, {sink.RowsHeld} were there"));
        }
        else
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            await output.WriteLineAsync(FeedRowCsv.Header);
            new JournalFold(folder, damage).Run(
                options,
                tick =>
                {
                    pace.Hold(tick);
                    output.WriteLine(FeedRowCsv.ToLine(tick.Rows.Feed));
                    rows++;
                },
                cancellationToken);
        }

        return rows == 0
            ? throw new ConfigurationException("the journal holds no tick in this range")
            : damage.Count == 0 ? ExitCode.Ok : ExitCode.Failed;
    }

    private const int BatchRows = 10_000;

    private static void Write(CsvRowSink sink, List<TickRows> batch)
    {
        sink.Write(batch);
        batch.Clear();
    }

    /// <summary>Holds rows back until their time has come.</summary>
    private sealed class Pace
    {
        private readonly double _speed;
        private readonly CancellationToken _cancellationToken;
        private long _startTick;
        private long _startStamp;

        private Pace(double speed, CancellationToken cancellationToken)
        {
            _speed = speed;
            _cancellationToken = cancellationToken;
        }

        public static Pace Of(string? text, CancellationToken cancellationToken) => text is null
            ? new Pace(double.PositiveInfinity, cancellationToken)
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double speed) && speed > 0
                ? new Pace(speed, cancellationToken)
                : throw new ConfigurationException($"--speed = {text}: must be a number above 0");

        public void Hold(FoldedTick tick)
        {
            if (double.IsPositiveInfinity(_speed))
            {
                return;
            }

            long time = tick.Rows.Feed.TickTime;
            if (_startTick == 0)
            {
                (_startTick, _startStamp) = (time, TimeProvider.System.GetTimestamp());
            }

            TimeSpan due = TimeSpan.FromMilliseconds((time - _startTick) / _speed);
            TimeSpan left = due - TimeProvider.System.GetElapsedTime(_startStamp);
            if (left > TimeSpan.Zero)
            {
                _cancellationToken.WaitHandle.WaitOne(left);
                _cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }
}
