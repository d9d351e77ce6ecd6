using System.CommandLine;
using Feeds.Commands;
using Feeds.Simulator;
using Feeds.System.Tests.Program;
using Xunit;

namespace Feeds.System.Tests.Journal;

/// <summary>
/// A made-up market with its ledger, and nodes that watch it from a data folder, one after the other.
/// </summary>
internal sealed class WatchedMarket : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    private readonly TemporaryFolder _folder;
    private readonly VenueTwin _venue;
    private readonly string _ledger;
    private readonly string _symbols;
    private readonly int _streams;
    private bool _isClosed;

    private WatchedMarket(TemporaryFolder folder, VenueTwin venue, string ledger, string symbols, int streams)
    {
        _streams = streams;
        _symbols = symbols;
        _folder = folder;
        _venue = venue;
        _ledger = ledger;
        Directory.CreateDirectory(Data);
    }

    /// <summary>The nodes' data folder.</summary>
    public string Data => _folder.File("data");

    public string Rows => Path.Combine(Data, "feeds_log.csv");

    /// <summary>The exchange.</summary>
    public VenueTwin Venue => _venue;

    /// <summary>Starts an exchange; its nodes have so many streams on a connection.</summary>
    public static async Task<WatchedMarket> StartAsync(
        ulong seed = 5, string symbols = "BTCUSDT,ETHUSDT", int streams = 200)
    {
        TemporaryFolder folder = new();
        string ledger = folder.File("ledger.jsonl");
        VenueTwin venue = await VenueTwin.StartAsync(
            new VenueTwinOptions { Seed = seed, Symbols = symbols.Split(','), LedgerPath = ledger, KeepLedger = true },
            TimeProvider.System);
        return new WatchedMarket(folder, venue, ledger, symbols, streams);
    }

    /// <summary>Starts a node, with more variables in its environment.</summary>
    public FeedsProgram Node(params (string Name, string Value)[] more)
    {
        Dictionary<string, string> environment = Environment();
        foreach ((string name, string value) in more)
        {
            environment[name] = value;
        }

        return FeedsProgram.Start(_folder.Path, environment, "run", "--data-dir", "data");
    }

    /// <summary>How many rows the file has that are whole.</summary>
    public long RowCount() => Lines().Length;

    /// <summary>The whole rows, oldest first.</summary>
    public string[] Lines()
    {
        if (!File.Exists(Rows))
        {
            return [];
        }

        using FileStream file = new(Rows, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using StreamReader reader = new(file);
        string text = reader.ReadToEnd();
        return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)];
    }

    /// <summary>Waits until the newest row of every symbol says that all is well.</summary>
    public async Task WellAsync(FeedsProgram node) => await UntilAsync(
        () => Lines().GroupBy(static row => row.Split(',')[1]).Select(static each => each.Last().Split(',')[^1].Trim())
            .ToArray()
            is { Length: > 0 } errors && errors.All(static error => error.Length == 0),
        () => $"{string.Join('\n', Lines().TakeLast(4))} {node.Errors}");

    /// <summary>Waits until so many more rows are written.</summary>
    public async Task MoreRowsAsync(FeedsProgram node, int rows)
    {
        long wanted = RowCount() + rows;
        await UntilAsync(() => RowCount() >= wanted, () => $"{RowCount()} of {wanted} rows; {node.Errors}");
    }

    /// <summary>Waits until the node has said something on its error output.</summary>
    public static Task SaysAsync(FeedsProgram node, string text) =>
        UntilAsync(
            () => node.Errors.Contains(text, StringComparison.Ordinal), () => $"'{text}' did not come: {node.Errors}");

    /// <summary>Waits until the node's health is red and names the reason.</summary>
    public async Task UnhealthyAsync(FeedsProgram node, string reason)
    {
        string address = (await node.UntilAsync("listening on ")).Split("listening on ")[1].Split('\n')[0];
        long started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            (int code, string output, _) = await FeedsProgram.RunAsync(_folder.Path, "health", "--url", address);
            if (code == ExitCode.Failed && output.Contains(reason, StringComparison.Ordinal))
            {
                return;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, $"{output} {node.Errors}");
        }
    }

    /// <summary>Ends the node in order.</summary>
    public static async Task StopAsync(FeedsProgram node)
    {
        node.Signal(FeedsProgram.SigTerm);
        Assert.True(await node.EndAsync() == 0, node.Errors);
    }

    /// <summary>
    /// Closes the ledger, and holds the journal against itself, the rows against the journal, and the run against the
    /// ledger: nothing is lost but what is declared, nothing doubled.
    /// </summary>
    public async Task VerifyAsync()
    {
        await CloseAsync();
        await HoldsAsync(new JournalCommand(), "verify", "--data-dir", Data);
        await HoldsAsync(new ReplayCommand(), "--verify", "--data-dir", Data);
        await HoldsAsync(new VerifyCommand(), "--ledger", _ledger, "--data-dir", Data);
    }

    /// <summary>Runs a command in this process and expects exit code 0.</summary>
    public static async Task HoldsAsync(Command command, params string[] arguments)
    {
        await using StringWriter output = new();
        int code = await command.Parse(arguments).InvokeAsync(
            new InvocationConfiguration { Output = output, Error = output, EnableDefaultExceptionHandler = false });
        Assert.True(code == 0, output.ToString());
    }

    public static async Task UntilAsync(Func<bool> condition, Func<string> describe)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, describe());
            await Task.Delay(5);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _folder.Dispose();
    }

    private async Task CloseAsync()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            await _venue.DisposeAsync();
        }
    }

    private Dictionary<string, string> Environment() => new()
    {
        ["FEEDS__EXCHANGE__REST_URL"] = _venue.RestUrl,
        ["FEEDS__EXCHANGE__STREAM_URL"] = _venue.StreamUrl,
        ["FEEDS__DATA_FEEDS__SYMBOLS"] = $"[{_symbols}]",
        ["FEEDS__DATA_FEEDS__INTERVAL_SEC"] = "1",
        ["FEEDS__DATA_FEEDS__CONCURRENCY__WS_MAX_STREAMS"] = $"{_streams}",
        ["FEEDS__HTTP__BIND"] = "127.0.0.1:0",
    };
}
