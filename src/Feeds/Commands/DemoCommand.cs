using System.CommandLine;
using System.Globalization;
using Feeds.Configuration;
using Feeds.Core;
using Feeds.Hosting;
using Feeds.Http;
using Feeds.Simulator;
using Feeds.Simulator.Markets;
using Feeds.Terminal;
using Microsoft.Extensions.Logging;

namespace Feeds.Commands;

/// <summary>
/// <c>feeds demo</c>: a stand-in exchange and a node in one process; needs no network and no configuration.
/// </summary>
internal sealed class DemoCommand : FeedsCommand
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(500);

    private readonly Option<int> _seconds = NumberOption.Whole(
        "--seconds", "Stop after so many seconds; without it at Ctrl-C", 1, 31_536_000);

    private readonly Option<string> _interval = new("--interval")
    {
        Description = "Seconds between rows",
        HelpName = "N",
        DefaultValueFactory = static _ => "5",
    };

    private readonly Option<string> _dataDir = new("--data-dir")
    {
        Description = "The folder that gets feeds_log.csv, feature rows as Parquet, the journal and logs",
        HelpName = "DIR",
        DefaultValueFactory = static _ => "data",
    };

    private readonly Option<string?> _symbols = new(
        "--symbols")
    { Description = "What to watch, with commas", HelpName = "A,B" };

    private readonly Option<ulong> _seed = new("--seed")
    {
        Description = "The market: the same seed is the same market",
        HelpName = "N",
        DefaultValueFactory = static _ => 1,
    };

    private readonly Option<ushort?> _port = new("--port")
    {
        Description = "Port of the node's endpoint, 0 for any free one; without it 8080, or any when that is taken",
        HelpName = "N",
    };

    private readonly Option<string?> _ledger = new("--ledger")
    {
        Description = "File that gets a line for all that the exchange sent, for feeds verify",
        HelpName = "FILE",
    };

    /// <summary>Makes the command.</summary>
    public DemoCommand()
        : base(
            "demo",
            "Show it all at work: a simulated exchange, a node and a live table, without network or configuration",
            "feeds demo",
            "feeds demo --seconds 60 --interval 2 --data-dir demo --seed 7")
    {
        Options.Add(_seconds);
        Options.Add(_interval);
        Options.Add(_symbols);
        Options.Add(_dataDir);
        Options.Add(_seed);
        Options.Add(_port);
        Options.Add(_ledger);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        TimeProvider time = TimeProvider.System;
        Screen screen = Screen.OfProcess();
        FeedsOptions options = Configure(parsed);
        VenueTwinOptions market = new()
        {
            Seed = parsed.GetValue(_seed),
            Specs = Listed(options),
            LedgerPath = parsed.GetValue(_ledger),
        };
        await using VenueTwin venue = await StartAsync(market, time, cancellationToken);
        options = options with
        {
            Exchange = options.Exchange with { RestUrl = new Uri(venue.RestUrl), StreamUrl = new Uri(venue.StreamUrl) },
        };
        StatusDocument end;
        await using (RunningNode node = await RunningNode.StartAsync(
            options, time, screen.IsLive ? LogLevel.None : LogLevel.Warning, cancellationToken))
        {
            using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (parsed.GetValue(_seconds) is > 0 and int seconds) over.CancelAfter(TimeSpan.FromSeconds(seconds));
            LiveStatus live = new(screen, time) { Footer = Footer(node, options) };
            await Task.WhenAny(
                live.RunAsync(() => StatusDocuments.Of(node.Status()), Refresh, over.Token), node.Failed);
            end = StatusDocuments.Of(node.Status());
            if (node.Failed.IsFaulted) await node.Failed;
        }
        return Close(screen, options, end);
    }

    private static async Task<VenueTwin> StartAsync(
        VenueTwinOptions market, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return await VenueTwin.StartAsync(market, time, cancellationToken);
        }
        catch (FeedsException e)
        {
            throw new ConfigurationException($"--{e.Message}");
        }
    }

    private FeedsOptions Configure(ParseResult parsed)
    {
        List<ConfigOverride> overrides = [.. ConfigOptions.InFolder(parsed.GetValue(_dataDir)!)];
        overrides.Add(new ConfigOverride("data_feeds.interval_sec", parsed.GetValue(_interval)!, "--interval"));
        if (parsed.GetValue(_symbols) is { } symbols)
            overrides.Add(new ConfigOverride("data_feeds.symbols", symbols, "--symbols"));
        overrides.Add(
            new ConfigOverride(
                "data_feeds.sinks.parquet_path", Path.Combine(parsed.GetValue(_dataDir)!, "lake"), "--data-dir"));
        overrides.Add(new ConfigOverride("http.bind", Bind(parsed.GetValue(_port)), "--port"));
        return ConfigOptions.Isolated(overrides);
    }

    // The exchange lists more than is watched, so that symbols can be added while the demo runs.
    private static List<SymbolSpec> Listed(FeedsOptions options) =>
        [.. options.DataFeeds.Symbols.Concat(options.Context.ReferenceSymbols).Concat(
            options.Context.Sectors.Values.SelectMany(static s => s))
            .Select(static s => s.Text).Union(SymbolSpecs.Default.Select(static s => s.Symbol)).Select(
                SymbolSpecs.For)];

    private static string Bind(ushort? port)
    {
        if (port is { } said) return string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{said}");
        string usual = new HttpOptions().Bind;
        try
        {
            NodeEndpoint.Probe(usual);
            return usual;
        }
        catch (ConfigurationException)
        {
            return "127.0.0.1:0";
        }
    }

    private static List<string> Footer(RunningNode node, FeedsOptions options) =>
        [$"rows: {options.DataFeeds.Sinks.CsvPath}   features: {options.DataFeeds.Sinks.ParquetPath}   dashboard: "
        + $"{node.Address}   Ctrl-C ends"];

    private static int Close(Screen screen, FeedsOptions options, StatusDocument end)
    {
        screen.Console.Profile.Out.Writer.WriteLine(
            $"data_feeds: {end.DataFeeds}, {end.Counters.Rows} rows in "
            + $"{PlainText.Of(options.DataFeeds.Sinks.CsvPath!)}");
        return end.Counters.Rows > 0
            ? ExitCode.Ok : throw new FeedsException("no row was written; --seconds is shorter than --interval needs");
    }
}
