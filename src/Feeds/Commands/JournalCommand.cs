using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Feeds.Commands.Journals;
using Feeds.Configuration;
using Feeds.Core.Market;
using Feeds.Http;
using Feeds.Storage.Journals;
using Feeds.Storage.Replay;
using Feeds.Storage.Sinks;
using Feeds.Terminal;

using Symbol = Feeds.Core.Market.Symbol;

namespace Feeds.Commands;

/// <summary><c>feeds journal</c>: what a journal holds, whether it is whole, out of it, less of it.</summary>
internal sealed class JournalCommand : FeedsCommand
{
    /// <summary>Makes the command.</summary>
    public JournalCommand()
        : base("journal", "Look into the journal, check it, export it, prune it, fetch that of a cluster",
            "feeds journal stats", "feeds journal verify --data-dir data")
    {
        Subcommands.Add(new StatsCommand());
        Subcommands.Add(new VerifyCommand());
        Subcommands.Add(new ExportCommand());
        Subcommands.Add(new PruneCommand());
        Subcommands.Add(new JournalFetchCommand());
    }

    private static T Refusing<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (JournalVersionException e)
        {
            throw new ConfigurationException(e.Message);
        }
    }

    private static string Line(FormattableString text) => PlainText.Of(FormattableString.Invariant(text));

    private static string Megabytes(long bytes) => (bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture) + " MB";

    private sealed class StatsCommand : FeedsCommand
    {
        private readonly JournalPlace _place = new();
        private readonly Option<bool> _kinds = new(
            "--kinds")
        { Description = "Count the events of each kind; reads all of it" };
        private readonly Option<bool> _json = new("--json") { Description = "As JSON" };

        public StatsCommand()
            : base("stats", "Say what the journal holds", "feeds journal stats", "feeds journal stats --kinds --json")
        {
            _place.AddTo(this, part: false);
            Options.Add(_kinds);
            Options.Add(_json);
            SetAction((parsed, cancellationToken) => Task.Run(() => Run(parsed, cancellationToken), cancellationToken));
        }

        private int Run(ParseResult parsed, CancellationToken cancellationToken)
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            JournalStats stats = Refusing(() => new JournalInspector(
                _place.Folder(parsed), new DamageReport(parsed.InvocationConfiguration.Error)).Stats(
                    parsed.GetValue(_kinds), cancellationToken));
            if (parsed.GetValue(_json))
            {
                output.WriteLine(JsonSerializer.Serialize(Document(stats), StatusDocuments.IndentedJson));
                return ExitCode.Ok;
            }

            output.WriteLine(
                Line($"segments   {stats.SealedSegments} sealed, {Megabytes(stats.SealedBytes)}; {stats.OpenSegments} open, {Megabytes(stats.OpenBytes)}"));
            output.WriteLine(Line($"snapshots  {stats.Snapshots}, {Megabytes(stats.SnapshotBytes)}"));
            output.WriteLine(
                Line($"events     {stats.SealedEvents + stats.OpenEvents} of {stats.Symbols.Count} symbols, {JournalPlace.Text(stats.FirstTime)} to {JournalPlace.Text(stats.LastTime)}"));
            if (stats.SealedEvents > 0)
            {
                output.WriteLine(
                    Line($"sealed     {(double)stats.SealedBytes / stats.SealedEvents:0.0} bytes an event"));
            }

            if (!double.IsNaN(stats.SealedBytesPerDay))
            {
                output.WriteLine(Line($"a day      {stats.SealedBytesPerDay / 1e9:0.000} GB at this rate"));
            }

            if (stats.DamagedFiles > 0)
            {
                output.WriteLine(Line($"damaged    {stats.DamagedFiles} files were set aside"));
            }

            foreach ((EventKind kind, long count) in stats.Kinds.OrderByDescending(kind => kind.Value))
            {
                output.WriteLine(Line($"  {kind,-16} {count}"));
            }

            foreach (SymbolJournalStats symbol in stats.Symbols)
            {
                output.WriteLine(
                    Line($"  {symbol.Symbol,-16} {symbol.Events} events, sequences {symbol.FirstSequence} to {symbol.LastSequence}"));
            }

            return ExitCode.Ok;
        }

        private static object Document(JournalStats stats) => new
        {
            stats.SealedSegments,
            stats.SealedBytes,
            stats.SealedEvents,
            stats.OpenSegments,
            stats.OpenBytes,
            stats.OpenEvents,
            stats.Snapshots,
            stats.SnapshotBytes,
            stats.DamagedFiles,
            stats.FirstTime,
            stats.LastTime,
            SealedBytesPerDay = double.IsNaN(stats.SealedBytesPerDay) ? (double?)null : stats.SealedBytesPerDay,
            Kinds = stats.Kinds.ToDictionary(
                static kind => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.Key.ToString()),
                static kind => kind.Value),
            Symbols = stats.Symbols.Select(
                static s => new { Symbol = s.Symbol.Text, s.Events, s.FirstSequence, s.LastSequence }),
        };
    }

    private sealed class VerifyCommand : FeedsCommand
    {
        private readonly JournalPlace _place = new();
        private readonly Option<bool> _json = new("--json") { Description = "As JSON" };

        public VerifyCommand()
            : base("verify", "Read every byte and event; exit code 1 and the places where something is wrong",
                "feeds journal verify --data-dir data")
        {
            _place.AddTo(this, part: false);
            Options.Add(_json);
            SetAction((parsed, cancellationToken) => Task.Run(() => Run(parsed, cancellationToken), cancellationToken));
        }

        private int Run(ParseResult parsed, CancellationToken cancellationToken)
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            JournalInspector inspector = new(_place.Folder(parsed));
            IReadOnlyList<JournalFault> faults = Refusing(() => inspector.Verify(cancellationToken));
            if (parsed.GetValue(_json))
            {
                output.WriteLine(JsonSerializer.Serialize(faults, StatusDocuments.IndentedJson));
            }
            else
            {
                foreach (JournalFault fault in faults)
                {
                    output.WriteLine(Line($"{fault.Path} at byte {fault.Offset}, {fault.Bytes} bytes: {fault.What}"));
                }

                JournalStats stats = inspector.Stats(countKinds: false, cancellationToken);
                output.WriteLine(faults.Count == 0
                    ? Line($"whole: {stats.SealedEvents + stats.OpenEvents} events in {stats.SealedSegments + stats.OpenSegments} segments")
                    : Line($"damaged: {faults.Count} places"));
            }

            return faults.Count == 0 ? ExitCode.Ok : ExitCode.Failed;
        }
    }

    private sealed class ExportCommand : FeedsCommand
    {
        private readonly JournalPlace _place = new();
        private readonly Option<string> _out = new(
            "--out")
        { Description = "The folder for the files, made when absent", HelpName = "DIR", Required = true };

        public ExportCommand()
            : base("export", "Write the events to Parquet, one file for each kind",
                "feeds journal export --out events --symbols BTCUSDT")
        {
            _place.AddTo(this, part: true);
            Options.Add(_out);
            SetAction((parsed, cancellationToken) => Task.Run(() => Run(parsed, cancellationToken), cancellationToken));
        }

        private int Run(ParseResult parsed, CancellationToken cancellationToken)
        {
            (long from, long to) = _place.Span(parsed);
            string folder = _place.Folder(parsed);
            DamageReport damage = new(parsed.InvocationConfiguration.Error);
            IReadOnlyDictionary<string, long> rows = Refusing(() => JournalExport.Run(
                folder, parsed.GetValue(_out)!, _place.Symbols(parsed, folder), from, to, damage, cancellationToken));
            foreach ((string name, long count) in rows)
            {
                parsed.InvocationConfiguration.Output.WriteLine(
                    Line($"{count} rows in {Path.Combine(parsed.GetValue(_out)!, name)}"));
            }

            return rows.Count == 0
                ? throw new ConfigurationException("the journal holds no event in this range")
                : damage.Count == 0 ? ExitCode.Ok : ExitCode.Failed;
        }
    }

    private sealed class PruneCommand : FeedsCommand
    {
        private readonly JournalPlace _place = new();
        private readonly Option<int> _days = NumberOption.Whole(
            "--keep-days", "Days that are kept (default 7)", 1, 3650);
        private readonly Option<int> _gigabytes = NumberOption.Whole(
            "--keep-gb", "GB that are kept at most (default 50)", 1, 100_000);
        private readonly Option<int> _free = NumberOption.Whole(
            "--min-free-gb", "GB that stay free on the disk (default 5)", 1, 100_000);

        public PruneCommand()
            : base(
                "prune",
                "Delete the oldest segments beyond the limits, but none that the newest snapshot or the row file "
                + "still needs",
                "feeds journal prune --keep-days 3")
        {
            _place.AddTo(this, part: false);
            Options.Add(_days);
            Options.Add(_gigabytes);
            Options.Add(_free);
            SetAction((parsed, cancellationToken) => Task.Run(() => Run(parsed), cancellationToken));
        }

        private int Run(ParseResult parsed)
        {
            string folder = _place.Folder(parsed);
            IReadOnlyDictionary<Symbol, long> ticks = CsvDurableTicks.Read(_place.Rows(parsed));
            Storage.Journals.JournalOptions defaults = new() { Folder = folder };
            Storage.Journals.JournalOptions options = defaults with
            {
                KeepAge = parsed.GetValue(_days) is > 0 and int days ? TimeSpan.FromDays(days) : defaults.KeepAge,
                KeepBytes = parsed.GetValue(_gigabytes) is > 0 and int size
                    ? size * 1_000_000_000L : defaults.KeepBytes,
                MinFreeBytes = parsed.GetValue(_free) is > 0 and int free
                    ? free * 1_000_000_000L : defaults.MinFreeBytes,
            };
            PruneResult result = new JournalRetention(options).Prune(
                TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
                () => new SnapshotStore(folder).NotNeededUpTo(symbol => ticks.GetValueOrDefault(symbol)));
            parsed.InvocationConfiguration.Output.WriteLine(
                Line($"{result.Segments} segments deleted, {Megabytes(result.Bytes)}"));
            if (result.KeptBecauseNeeded is { } reason)
            {
                parsed.InvocationConfiguration.Output.WriteLine(
                    Line($"kept although {reason}: the newest snapshot or the row file still needs what follows"));
            }

            return ExitCode.Ok;
        }
    }
}
