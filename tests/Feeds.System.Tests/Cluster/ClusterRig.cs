using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Feeds.Simulator;
using Feeds.System.Tests.Program;
using Feeds.Tests.Storage.Postgres;
using Npgsql;
using Xunit;

namespace Feeds.System.Tests.Cluster;

/// <summary>
/// A cluster of real processes over a private PostgreSQL, against a stand-in exchange; each node has lines of its own
/// to both.
/// </summary>
internal sealed class ClusterRig : IAsyncDisposable
{
    public const int IntervalSec = 3;
    public const int TtlSec = 6;
    public static readonly string[] Symbols = ["BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT", "DOGEUSDT", "BNBUSDT",
        "ADAUSDT", "LTCUSDT"];

    /// <summary>Listed by the exchange and not watched at first.</summary>
    public const string Spare = "DOTUSDT";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, FeedsProgram> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (TestLine Database, TestLine Exchange, int Port)> _lines = new(
        StringComparer.Ordinal);
    private readonly StringBuilder _ended = new();
    private readonly VenueTwin _venue;

    private ClusterRig(VenueTwin venue, PostgresServer server)
    {
        _venue = venue;
        Server = server;
        Table = new ClusterTable(server.ConnectionString, () => Log);
    }

    public PostgresServer Server { get; }

    public ClusterTable Table { get; }

    public IReadOnlyCollection<string> Names => _nodes.Keys;

    /// <summary>What all nodes said, those that ended included.</summary>
    public string Log => _ended + string.Concat(_nodes.Values.Select(static node => node.Errors));

    public static async Task<ClusterRig> StartAsync(int seed, params string[] names)
    {
        Require();
        PostgresServer server = await PostgresServer.StartAsync(durable: true);
        VenueTwin venue = await VenueTwin.StartAsync(
            new VenueTwinOptions { Seed = (ulong)seed, Symbols = [.. Symbols, Spare] }, TimeProvider.System);
        ClusterRig rig = new(venue, server);
        try
        {
            foreach (string name in names)
            {
                rig.Start(name);
            }

            await rig.UntilPlacedAsync();
            await rig.Table.WitnessAsync();
            return rig;
        }
        catch
        {
            await rig.DisposeAsync();
            throw;
        }
    }

    /// <summary>Skips the test when there is no server; with FEEDS_REQUIRE_POSTGRES=1 it fails.</summary>
    public static void Require()
    {
        bool isRequired = Environment.GetEnvironmentVariable("FEEDS_REQUIRE_POSTGRES") == "1";
        Assert.False(!PostgresServer.IsInstalled && isRequired, PostgresServer.Absent);
        Assert.SkipUnless(PostgresServer.IsInstalled, PostgresServer.Absent);
    }

    public FeedsProgram Node(string name) => _nodes[name];

    public TestLine Database(string name) => _lines[name].Database;

    public TestLine Exchange(string name) => _lines[name].Exchange;

    /// <summary>Where a node's endpoint listens, also before it says so.</summary>
    public Uri Address(string name) => new($"http://127.0.0.1:{_lines[name].Port}");

    public void Start(string name)
    {
        if (!_lines.TryGetValue(name, out (TestLine Database, TestLine Exchange, int Port) lines))
        {
            lines = (new TestLine(Server.Port), new TestLine(new Uri(_venue.RestUrl).Port), FreePort());
            _lines[name] = lines;
        }

        string folder = _folder.File(name);
        Directory.CreateDirectory(folder);
        _nodes[name] = FeedsProgram.Start(
            folder,
            new Dictionary<string, string>
            {
                ["FEEDS__EXCHANGE__REST_URL"] = $"http://127.0.0.1:{lines.Exchange.Port}",
                ["FEEDS__EXCHANGE__STREAM_URL"] = $"ws://127.0.0.1:{lines.Exchange.Port}",
                ["FEEDS__DATA_FEEDS__SYMBOLS"] = $"[{string.Join(',', Symbols)}]",
                ["FEEDS__DATA_FEEDS__INTERVAL_SEC"] = IntervalSec.ToString(CultureInfo.InvariantCulture),
                ["FEEDS__HTTP__BIND"] = $"127.0.0.1:{lines.Port}",
                ["FEEDS__CLUSTER__ENABLED"] = "true",
                ["FEEDS__CLUSTER__NODE_ID"] = name,
                ["FEEDS__CLUSTER__LEASE_TTL_SEC"] = TtlSec.ToString(CultureInfo.InvariantCulture),
                ["FEEDS__STORAGE__POSTGRES"] = new NpgsqlConnectionStringBuilder(
                    Server.ConnectionString)
                { Port = lines.Database.Port }.ConnectionString,
            },
            "run");
    }

    /// <summary>Waits for a node's end and returns its exit code.</summary>
    public async Task<int> EndAsync(string name)
    {
        FeedsProgram node = _nodes[name];
        int code = await node.EndAsync();
        _ended.Append(node.Errors);
        _nodes.Remove(name);
        await node.DisposeAsync();
        return code;
    }

    /// <summary>Says which nodes ended though nobody asked them to; none ever may.</summary>
    public void CheckNodes() => Assert.All(
        _nodes, static node => Assert.False(node.Value.HasEnded, $"{node.Key} ended by itself: {node.Value.Errors}"));

    /// <summary>
    /// Waits until every symbol is where it belongs among the nodes that run, which then moves nothing any more, and
    /// has a row of a tick after this call.
    /// </summary>
    public async Task UntilPlacedAsync(params string[] without)
    {
        string[] names = [.. Names.Except(without)];
        await Table.UntilPlacedAsync(names);
        await Table.UntilFreshAsync();
        CheckNodes();
    }

    /// <summary>Runs a command against a node and returns what it said.</summary>
    public async Task<string> CommandAsync(string name, params string[] words)
    {
        (int code, string output, string errors) = await FeedsProgram.RunAsync(
            _folder.File("."), [.. words, "--url", Address(name).ToString()]);
        Assert.True(code == 0, $"{string.Join(' ', words)}: {code} {output} {errors}\n{Log}");
        return output;
    }

    /// <summary>Returns what a page of a node says, whatever its status.</summary>
    public async Task<string> PageAsync(string name, string path)
    {
        using HttpClient client = new() { BaseAddress = Address(name), Timeout = TimeSpan.FromSeconds(30) };
        client.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        using HttpResponseMessage answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>Waits until a page of a node has a text.</summary>
    public Task UntilPageAsync(string name, string path, string text) => Eventually.IsTrueAsync(
        async () =>
        {
            try
            {
                return (await PageAsync(name, path)).Contains(text, StringComparison.Ordinal);
            }
            catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
            {
                // It does not listen yet.
                return false;
            }
        },
        Patience,
        () => $"'{text}' in {path} of {name}\n{Log}");

    public async ValueTask DisposeAsync()
    {
        foreach (FeedsProgram node in _nodes.Values)
        {
            await node.DisposeAsync();
        }

        await _venue.DisposeAsync();
        await Server.DisposeAsync();
        foreach ((TestLine database, TestLine exchange, _) in _lines.Values)
        {
            await database.DisposeAsync();
            await exchange.DisposeAsync();
        }

        _folder.Dispose();
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
