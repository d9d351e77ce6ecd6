using System.CommandLine;
using Feeds.Configuration;
using Feeds.Hosting;
using Feeds.Logging;
using Microsoft.Extensions.Logging;

namespace Feeds.Commands;

/// <summary><c>feeds run</c>: a node, until it is told to stop.</summary>
internal sealed class RunCommand : FeedsCommand
{
    private readonly ConfigOptions _options = new();

    /// <summary>Makes the command.</summary>
    public RunCommand()
        : base(
            "run",
            "Run a node: watch the configured symbols and write their rows until Ctrl-C or SIGTERM",
            "feeds run --config config/feeds.yaml",
            "feeds run --symbols BTCUSDT,ETHUSDT --interval 10 --data-dir /var/lib/feeds")
    {
        _options.AddTo(this);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        LoadedConfiguration loaded = _options.Load(parsed);
        FeedsOptions options = loaded.Options;
        if (!options.FeatureFlags.EnableDataFeeds)
        {
            using NodeLogging console = new(options.Logging, dataDirectory: null);
            HostLog.Disabled(console.Factory.CreateLogger<RunCommand>());
            return ExitCode.Ok;
        }
        await using RunningNode node = await RunningNode.StartAsync(
            options, TimeProvider.System, consoleLevel: null, cancellationToken);
        ILogger logger = node.Loggers.CreateLogger<RunCommand>();
        HostLog.Started(
            logger, options.DataFeeds.Symbols.Count, options.DataFeeds.IntervalSec, loaded.File
                ?? "defaults", options.DataFeeds.Sinks.CsvPath ?? "nowhere");
        await Console.Out.WriteLineAsync($"listening on {node.Address}");
        if (await Task.WhenAny(Waiting.ForCancelAsync(cancellationToken), node.Draining, node.Failed) == node.Failed)
            await node.Failed;
        HostLog.Stopping(logger);
        return ExitCode.Ok;
    }
}
