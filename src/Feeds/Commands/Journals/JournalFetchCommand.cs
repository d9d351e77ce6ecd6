using System.CommandLine;
using Feeds.Configuration;
using Feeds.Storage.Journals;
using Feeds.Storage.Schema;
using Feeds.Storage.Sinks;
using Feeds.Terminal;

using Symbol = Feeds.Core.Market.Symbol;

namespace Feeds.Commands.Journals;

/// <summary>
/// <c>feeds journal fetch</c>: a cluster's journal and rows out of PostgreSQL into a folder, on which every command
/// about journals works.
/// </summary>
internal sealed class JournalFetchCommand : FeedsCommand
{
    private readonly ConfiguredDatabase _database = new();

    private readonly Option<string> _out = new(
        "--out")
    {
        Description = "The folder for journal and rows, made when absent",
        HelpName = "DIR",
        Required = true
    };

    private readonly Option<string?> _symbols = new(
        "--symbols")
    { Description = "Only these symbols, with commas", HelpName = "A,B" };

    /// <summary>Makes the command.</summary>
    public JournalFetchCommand()
        : base(
            "fetch",
            "Copy a cluster's journal and rows out of PostgreSQL into a folder, for replay, stats, verify and export",
            "feeds journal fetch --out copy",
            "feeds replay --data-dir copy --verify --parquet copy")
    {
        Options.Add(_out);
        _database.AddTo(this);
        Options.Add(_symbols);
        SetAction(
            (parsed, cancellationToken) => Task.Run(() => RunAsync(parsed, cancellationToken), cancellationToken));
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string folder = parsed.GetValue(_out)!;
        IReadOnlyCollection<Symbol>? symbols = JournalPlace.Symbols("--symbols", parsed.GetValue(_symbols));
        string partial = folder.TrimEnd(Path.DirectorySeparatorChar) + ".partial";
        if (Path.Exists(folder))
        {
            throw new ConfigurationException($"--out = {folder}: is there already");
        }

        if (Path.Exists(partial))
        {
            throw new ConfigurationException(
                $"--out = {folder}: {partial} is there, of a copy that runs or was cut off; remove it if none runs");
        }

        (FeedsOptions options, PostgresDatabase opened) = _database.Open(parsed);
        await using PostgresDatabase database = opened;
        DamageReport damage = new(parsed.InvocationConfiguration.Error);

        // The folder is there whole or not at all.
        try
        {
            string said = await FetchAsync(
                database, partial, symbols, options.DataFeeds.IntervalSec * 1000L, damage, cancellationToken);
            Directory.Move(partial, folder);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                PlainText.Of($"{said} of {database.Name} in {folder}"));
            return damage.Count == 0 ? ExitCode.Ok : ExitCode.Failed;
        }
        catch (JournalVersionException e)
        {
            throw new ConfigurationException(e.Message);
        }
        finally
        {
            if (Directory.Exists(partial))
            {
                Directory.Delete(partial, recursive: true);
            }
        }
    }

    private static async Task<string> FetchAsync(
        PostgresDatabase database,
        string folder,
        IReadOnlyCollection<Symbol>? symbols,
        long tickMs,
        DamageReport damage,
        CancellationToken cancellationToken)
    {
        long events = await new PostgresJournalCopy(database, damage)
            .RunAsync(Path.Combine(folder, "journal"), symbols, long.MaxValue, cancellationToken);
        if (events == 0)
        {
            throw new ConfigurationException(
                $"{database.Name} holds no event{(symbols is null ? "" : " of these symbols")}");
        }

        await using CsvRowSink csv = CsvRowSink.Open(
            new CsvRowSinkOptions { Path = Path.Combine(folder, "feeds_log.csv"), RotateBytes = long.MaxValue });
        await using ParquetRowSink parquet = ParquetRowSink.Open(
            new ParquetRowSinkOptions { Path = folder, TickMs = tickMs, PublishMs = 3_600_000 });
        (long rows, long features) = await new PostgresRowCopy(database).RunAsync(
            symbols, [csv, parquet], cancellationToken);
        return FormattableString.Invariant($"{events} events, {rows} rows and {features} feature rows");
    }
}
