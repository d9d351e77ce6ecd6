using System.CommandLine;
using System.Text.Json;
using Feeds.Configuration;
using Feeds.Core;
using Feeds.Hosting;
using Feeds.Simulator;
using Feeds.Simulator.Faults;
using Feeds.Terminal;
using Symbol = Feeds.Core.Market.Symbol;

namespace Feeds.Commands;

/// <summary><c>feeds simulate</c>: the stand-in exchange alone, for a node that is pointed at it.</summary>
internal sealed class SimulateCommand : FeedsCommand
{
    private readonly Option<string[]> _replay = new("--replay")
    {
        Description = "Recorded files to replay in place of a made-up market",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<ulong> _seed = new("--seed")
    {
        Description = "The market: the same seed is the same market",
        HelpName = "N",
        DefaultValueFactory = static _ => 1,
    };

    private readonly Option<ushort> _port = new(
        "--port")
    { Description = "Port on this machine; 0 takes a free one", HelpName = "N" };
    private readonly Option<string?> _symbols = new(
        "--symbols")
    { Description = "Symbols of the market, with commas", HelpName = "A,B" };
    private readonly Option<string?> _ledger = new(
        "--ledger")
    { Description = "File that gets a line for all that was sent", HelpName = "FILE" };

    private readonly Option<string?> _faults = new(
        "--faults")
    { Description = "A script of what goes wrong and when, as JSON", HelpName = "FILE" };

    private readonly Option<double> _skip = new(
        "--skip")
    { Description = "Seconds into the recordings at which the replay begins", HelpName = "N" };

    private readonly Option<double> _speed = new("--speed")
    {
        Description = "Seconds of the market per second",
        HelpName = "X",
        DefaultValueFactory = static _ => 1,
    };

    private readonly Option<int> _seconds = NumberOption.Whole(
        "--seconds", "Stop after so many seconds; without it at Ctrl-C", 1, 31_536_000);
    private readonly Option<bool> _json = new("--json") { Description = "Print the addresses as JSON" };

    /// <summary>Makes the command.</summary>
    public SimulateCommand()
        : base(
            "simulate",
            "Run the stand-in exchange alone; it prints its addresses and what to configure",
            "feeds simulate --port 9001 --seed 7",
            "feeds simulate --replay usdm_btcusdt_20240808.gz usdm_ethusdt_20240808.gz --ledger ledger.jsonl")
    {
        foreach (Option option in new Option[] { _replay, _seed, _port, _symbols, _ledger, _faults, _skip, _speed,
            _seconds, _json }) Options.Add(option);
        SetAction(RunAsync);
    }

    /// <summary>Where the exchange is, for programs.</summary>
    private sealed record VenueDocument(string RestUrl, string StreamUrl, IReadOnlyList<string> Symbols);

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await using VenueTwin venue = await StartAsync(parsed, cancellationToken);
        VenueDocument document = new(venue.RestUrl, venue.StreamUrl, venue.Symbols);
        await Console.Out.WriteLineAsync(
            parsed.GetValue(_json)
                ? JsonSerializer.Serialize(document, Http.StatusDocuments.Json) : Describe(document));
        await Console.Out.FlushAsync(cancellationToken);
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (parsed.GetValue(_seconds) is > 0 and int seconds) over.CancelAfter(TimeSpan.FromSeconds(seconds));
        await Task.WhenAny(Waiting.ForCancelAsync(over.Token), venue.Completion);
        if (venue.Completion.IsCompletedSuccessfully)
            await Console.Error.WriteLineAsync("feeds: the recording is over");
        return ExitCode.Ok;
    }

    private async Task<VenueTwin> StartAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        foreach (string file in parsed.GetValue(_replay) ?? [])
        {
            if (!File.Exists(file))
                throw new ConfigurationException($"--replay = {PlainText.Of(file)}: there is no such file");
        }
        string[]? symbols = parsed.GetValue(_symbols)?.Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (string symbol in symbols ?? [])
        {
            if (!Symbol.TryParse(symbol, out _, out string? error))
                throw new ConfigurationException($"--symbols: {error}");
        }
        try
        {
            VenueTwinOptions options = Configure(parsed, symbols);
            return await VenueTwin.StartAsync(options, TimeProvider.System, cancellationToken);
        }
        catch (FeedsException e)
        {
            throw new ConfigurationException(e.Message);
        }
    }

    private VenueTwinOptions Configure(ParseResult parsed, string[]? symbols) => new()
    {
        Replay = parsed.GetValue(_replay) ?? [],
        Seed = parsed.GetValue(_seed),
        Port = parsed.GetValue(_port),
        Symbols = symbols,
        LedgerPath = parsed.GetValue(_ledger),
        Speed = parsed.GetValue(_speed),
        ReplaySkip = TimeSpan.FromSeconds(parsed.GetValue(_skip)),
        Faults = parsed.GetValue(_faults) is { } script ? FaultScript.Load(script) : [],
    };

    private static string Describe(VenueDocument venue) => $"""
        exchange at {venue.RestUrl} and {venue.StreamUrl}, Ctrl-C ends; symbols: {string.Join(", ", venue.Symbols)}
        a node reads it with this in its configuration:

        exchange:
          rest_url: {venue.RestUrl}
          stream_url: {venue.StreamUrl}

        """;
}
