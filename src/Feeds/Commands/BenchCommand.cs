using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Feeds.Commands.Bench;
using Feeds.Http;

namespace Feeds.Commands;

/// <summary><c>feeds bench</c>: how fast this machine decodes and applies messages, and makes feature rows.</summary>
internal sealed class BenchCommand : FeedsCommand
{
    /// <summary>Makes the command.</summary>
    public BenchCommand()
        : base(
            "bench",
            "Measure decoding and the way from a frame to applied state, on a file of messages; and the rows of "
            + "features",
            "feeds bench decode --file mix.jsonl --json",
            "feeds bench frame --file mix.jsonl --rounds 9",
            "feeds bench features --symbols 600")
    {
        Subcommands.Add(new FeaturesBenchCommand());
        Subcommands.Add(new MeasureCommand(
            "decode",
            "Frame to decoded message",
            "feeds bench decode --file mix.jsonl --json",
            static (file, rounds, cancellation) => new DecodeBench(file).RunAsync(
                rounds, TimeProvider.System, cancellation)));
        Subcommands.Add(new MeasureCommand(
            "frame",
            "Frame to applied state: decoded, routed by symbol, admitted, applied, with a tick now and then",
            "feeds bench frame --file mix.jsonl --json",
            static (file, rounds, cancellation) => new FrameBench(file).RunAsync(
                rounds, TimeProvider.System, cancellation)));
    }

    private sealed class FeaturesBenchCommand : FeedsCommand
    {
        private readonly Option<int> _symbols = NumberOption.Whole(
            "--symbols", "How many symbols (default: 600)", 1, 10_000);
        private readonly Option<int> _seconds = NumberOption.Whole(
            "--seconds", "Seconds of their market, a tick each (default: 60)", 1, 86_400);
        private readonly Option<bool> _json = new("--json") { Description = "One line of JSON" };

        public FeaturesBenchCommand()
            : base(
                "features",
                "The golden vector of many symbols at a tick each second on two cores: processor time, tick to row, "
                + "memory, snapshots",
                "feeds bench features --symbols 600 --seconds 60 --json")
        {
            Options.Add(_symbols);
            Options.Add(_seconds);
            Options.Add(_json);
            SetAction((parsed, cancellationToken) => Task.Run(() => Run(parsed, cancellationToken), cancellationToken));
        }

        private int Run(ParseResult parsed, CancellationToken cancellationToken)
        {
            int symbols = parsed.GetValue(_symbols) is > 0 and int given ? given : 600;
            int seconds = parsed.GetValue(_seconds) is > 0 and int asked ? asked : 60;
            FeatureBenchResult r = new FeatureBench(symbols, seconds, TimeProvider.System).Run(cancellationToken);
            parsed.InvocationConfiguration.Output.WriteLine(parsed.GetValue(_json)
                ? JsonSerializer.Serialize(r, StatusDocuments.Json)
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{r.Symbols} symbols, {r.Seconds} s: {r.CpuShare:0.0 %} of two cores, a tick {r.TickUs:0.0} "
                    + $"us, tick to row p50 {r.TickToRowP50Ms:0.00} ms, "
                    + $"p99 {r.TickToRowP99Ms:0.00} ms, {r.BytesPerSymbol / 1024} KiB a symbol, {r.BytesPerTick} "
                    + $"bytes allocated a tick, "
                    + $"snapshot {r.SnapshotBytes / 1024} KiB in {r.SnapshotUs:0} us, history applied in "
                    + $"{r.WarmUpMs:0.0} ms, "
                    + $"{r.Known} of {r.Columns} columns known, hash {r.Hash}"));
            return ExitCode.Ok;
        }
    }

    private delegate Task<BenchResult> Measure(MessageFile file, int rounds, CancellationToken cancellationToken);

    private sealed class MeasureCommand : FeedsCommand
    {
        private const int DefaultRounds = 7;
        private const int MaxRounds = 1000;

        private readonly Option<string> _file = new("--file")
        {
            Description = "Combined-stream frames, one JSON text a line",
            HelpName = "FILE.jsonl",
            Required = true,
        };

        private readonly Option<int> _rounds = new("--rounds")
        {
            Description = "Measured rounds over the whole file; the median is quoted",
            HelpName = "N",
            DefaultValueFactory = static _ => DefaultRounds,
        };

        private readonly Option<bool> _json = new("--json") { Description = "One line of JSON" };

        public MeasureCommand(string name, string description, string example, Measure measure)
            : base(name, description, example)
        {
            _rounds.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<int>() is < 1 or > MaxRounds)
                {
                    result.AddError($"--rounds = {result.GetValueOrDefault<int>()}: must be 1 to {MaxRounds}");
                }
            });
            Options.Add(_file);
            Options.Add(_rounds);
            Options.Add(_json);
            SetAction(async (parsed, cancellationToken) =>
            {
                MessageFile file = MessageFile.Load(parsed.GetValue(_file)!);
                BenchResult result = await measure(file, parsed.GetValue(_rounds), cancellationToken);
                TextWriter output = parsed.InvocationConfiguration.Output;
                await output.WriteLineAsync(
                    parsed.GetValue(_json) ? JsonSerializer.Serialize(result, StatusDocuments.Json) : Line(result));
                return ExitCode.Ok;
            });
        }

        private static string Line(BenchResult result) => string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Name} {result.File}: {result.NsPerMessage:0.0} ns a message "
            + $"({result.NsPerMessageMin:0.0} to {result.NsPerMessageMax:0.0} over {result.Rounds} rounds of "
            + $"{result.Messages}), "
            + $"{1000 / result.NsPerMessage:0.00} M messages/s, "
            + $"{result.BytesPerMessage} bytes allocated a message");
    }
}
