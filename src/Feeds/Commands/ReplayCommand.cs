using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Feeds.Commands.Journals;
using Feeds.Configuration;
using Feeds.Http;
using Feeds.Storage.Journals;
using Feeds.Storage.Replay;
using Feeds.Storage.Schema;
using Feeds.Storage.Sinks;
using Feeds.Terminal;

using Symbol = Feeds.Core.Market.Symbol;

namespace Feeds.Commands;

/// <summary><c>feeds replay</c>: the rows again, from the journal.</summary>
internal sealed class ReplayCommand : FeedsCommand
{
    private readonly JournalPlace _place = new();
    private readonly ConfiguredDatabase _database = new();

    private readonly Option<bool> _verify = new(
        "--verify")
    { Description = "Compare with the rows that the row file still holds, byte for byte" };

    private readonly Option<string?> _parquet = new("--parquet")
    {
        Description = "With --verify: compare the feature rows in DIR/feature_row as well",
        HelpName = "DIR",
    };

    private readonly Option<string?> _out = new(
        "--out")
    { Description = "Write the rows to DIR/feeds_log.csv instead of the output", HelpName = "DIR" };

    private readonly Option<bool> _postgres = new("--postgres")
    {
        Description =
            "Write the rows that the PostgreSQL of the configuration lacks to it, and compare those that it has",
    };

    private readonly Option<string?> _speed = new(
        "--speed")
    { Description = "Times as fast as it was; without it as fast as it goes", HelpName = "X" };

    private readonly Option<int> _cores = NumberOption.Whole(
        "--cores", "How many cores fold; the rows do not depend on it (default: all)", 1, 1024);

    private readonly Option<bool> _json = new("--json") { Description = "The result of --verify as one line of JSON" };

    /// <summary>Makes the command.</summary>
    public ReplayCommand()
        : base(
            "replay",
            "Make the rows again from the journal; print, write or compare them",
            "feeds replay --verify",
            "feeds replay --from 2026-11-21T03:30:00Z --to 2026-11-21T04:30:00Z --symbols BTCUSDT,ETHUSDT --out again",
            "feeds replay --postgres --config feeds.yaml")
    {
        _place.AddTo(this, part: true);
        Options.Add(_verify);
        Options.Add(_parquet);
        Options.Add(_out);
        Options.Add(_postgres);
        _database.AddTo(this);
        Options.Add(_speed);
        Options.Add(_cores);
        Options.Add(_json);
        SetAction(
            (parsed, cancellationToken) => Task.Run(() => RunAsync(parsed, cancellationToken), cancellationToken));
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        (long from, long to) = _place.Span(parsed);
        ReplayPace pace = ReplayPace.Of(parsed.GetValue(_speed), cancellationToken);
        int cores = parsed.GetValue(_cores) is > 0 and int given ? given : Environment.ProcessorCount;
        bool toPostgres = parsed.GetValue(_postgres);
        if (toPostgres && (parsed.GetValue(_verify) || parsed.GetValue(_out) is not null))
        {
            throw new ConfigurationException("--postgres: leaves no room for --verify or --out; one of them at a time");
        }

        if (!toPostgres && _database.IsNamed(parsed))
        {
            throw new ConfigurationException(
                "--config: names the database of --postgres, and means nothing without it");
        }

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
            return parsed.GetValue(_verify) ? Verify(parsed, folder, options, from, pace, cancellationToken)
                : toPostgres ? await StoreAsync(parsed, folder, options, pace, cancellationToken)
                : await WriteAsync(parsed, folder, options, pace, cancellationToken);
        }
        catch (JournalVersionException e)
        {
            throw new ConfigurationException(e.Message);
        }
    }

    private int Verify(
        ParseResult parsed, string folder, FoldOptions options, long from, ReplayPace pace,
        CancellationToken cancellationToken)
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
            output.WriteLine(
                JsonSerializer.Serialize(
                    VerificationText.Document(result, features, damage.Count), StatusDocuments.Json));
        }
        else
        {
            VerificationText.Write(result, output);
            if (features is not null)
            {
                output.Write("feature rows: ");
                VerificationText.Write(features, output);
            }
        }

        return !result.Overlaps && result.Unjudged == 0 ? ExitCode.NothingInCommon
            : result.IsIdentical && features is not { IsIdentical: false } && damage.Count == 0 ? ExitCode.Ok
            : ExitCode.Failed;
    }

    private async Task<int> StoreAsync(
        ParseResult parsed, string folder, FoldOptions options, ReplayPace pace, CancellationToken cancellationToken)
    {
        (_, PostgresDatabase opened) = _database.Open(parsed);
        await using PostgresDatabase database = opened;
        DamageReport damage = new(parsed.InvocationConfiguration.Error);
        await using PostgresRowSink sink = await PostgresRowSink.OpenAsync(database, damage, cancellationToken);
        long rows = await ReplayedRows.WriteAsync(
            new JournalFold(folder, damage), options, pace, sink, cancellationToken);
        await parsed.InvocationConfiguration.Output.WriteLineAsync(PlainText.Of(FormattableString.Invariant(
            $"{sink.RowsWritten} rows written to {database.Name}, {sink.RowsHeld} were there, {damage.RowsRefused} were refused")));
        return rows == 0 ? throw Empty() : damage is { Count: 0, RowsRefused: 0 } ? ExitCode.Ok : ExitCode.Failed;
    }

    private async Task<int> WriteAsync(
        ParseResult parsed, string folder, FoldOptions options, ReplayPace pace, CancellationToken cancellationToken)
    {
        DamageReport damage = new(parsed.InvocationConfiguration.Error);
        JournalFold fold = new(folder, damage);
        TextWriter output = parsed.InvocationConfiguration.Output;
        long rows = 0;
        if (parsed.GetValue(_out) is { } directory)
        {
            string path = Path.Combine(directory, "feeds_log.csv");
            await using CsvRowSink sink = CsvRowSink.Open(
                new CsvRowSinkOptions { Path = path, RotateBytes = long.MaxValue });
            rows = await ReplayedRows.WriteAsync(fold, options, pace, sink, cancellationToken);
            await output.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{sink.RowsWritten} rows written to {path}, {sink.RowsHeld} were there"));
        }
        else
        {
            await output.WriteLineAsync(FeedRowCsv.Header);
            fold.Run(
                options,
                tick =>
                {
                    pace.Hold(tick);
                    output.WriteLine(FeedRowCsv.ToLine(tick.Rows.Feed));
                    rows++;
                },
                cancellationToken);
        }

        return rows == 0 ? throw Empty() : damage.Count == 0 ? ExitCode.Ok : ExitCode.Failed;
    }

    private static ConfigurationException Empty() => new("the journal holds no tick in this range");
}
