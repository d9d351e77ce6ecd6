using System.Globalization;
using System.Text;
using Feeds.Simulator;
using Feeds.System.Tests.Program;
using Feeds.Tests.Storage.Postgres;
using Npgsql;
using Xunit;

namespace Feeds.System.Tests.Cluster;

/// <summary>A cluster of real processes over a private PostgreSQL, against a stand-in exchange.</summary>
internal sealed class ClusterRig : IAsyncDisposable
{
    public const int IntervalSec = 2;
    public const int TtlSec = 6;
    public static readonly string[] Symbols = ["BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT", "DOGEUSDT", "BNBUSDT", "ADAUSDT", "LTCUSDT"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, FeedsProgram> _nodes = new(StringComparer.Ordinal);
    private readonly StringBuilder _ended = new();
    private readonly VenueTwin _venue;

    private ClusterRig(VenueTwin venue, PostgresServer server)
    {
        _venue = venue;
        Server = server;
    }

    public PostgresServer Server { get; }

    public IReadOnlyCollection<string> Names => _nodes.Keys;

    /// <summary>What all nodes said, those that ended included.</summary>
    public string Log => _ended + string.Concat(_nodes.Values.Select(static node => node.Errors));

    public static async Task<ClusterRig> StartAsync(int seed, params string[] names)
    {
        PostgresServer server = await PostgresServer.StartAsync(durable: true);
        VenueTwin venue = await VenueTwin.StartAsync(
            new VenueTwinOptions { Seed = (ulong)seed, Symbols = Symbols }, TimeProvider.System);
        ClusterRig rig = new(venue, server);
        foreach (string name in names)
        {
            rig.Start(name);
        }

        // Symbols are where they belong: nothing moves by itself any more.
        await rig.UntilAsync($"SELECT count(DISTINCT owner) = {names.Length} FROM symbol_lease WHERE owner IS NOT NULL");
        await rig.UntilFreshAsync();
        return rig;
    }

    public FeedsProgram Node(string name) => _nodes[name];

    public void Start(string name)
    {
        string folder = _folder.File(name);
        Directory.CreateDirectory(folder);
        _nodes[name] = FeedsProgram.Start(
            folder,
            new Dictionary<string, string>
            {
                ["FEEDS__EXCHANGE__REST_URL"] = _venue.RestUrl,
                ["FEEDS__EXCHANGE__STREAM_URL"] = _venue.StreamUrl,
                ["FEEDS__DATA_FEEDS__SYMBOLS"] = $"[{string.Join(',', Symbols)}]",
                ["FEEDS__DATA_FEEDS__INTERVAL_SEC"] = IntervalSec.ToString(CultureInfo.InvariantCulture),
                ["FEEDS__HTTP__BIND"] = "127.0.0.1:0",
                ["FEEDS__CLUSTER__ENABLED"] = "true",
                ["FEEDS__CLUSTER__NODE_ID"] = name,
                ["FEEDS__CLUSTER__LEASE_TTL_SEC"] = TtlSec.ToString(CultureInfo.InvariantCulture),
                ["FEEDS__STORAGE__POSTGRES"] = Server.ConnectionString,
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

    /// <summary>Waits until every symbol of the cluster has a row of a tick after this call.</summary>
    public Task UntilFreshAsync() => UntilAsync(
        $"""
        SELECT count(*) >= {Symbols.Length} AND bool_and(newest > '{TimeProvider.System.GetUtcNow().UtcDateTime:O}')
        FROM (SELECT max(tick) AS newest FROM feed_row GROUP BY symbol) s
        """);

    /// <summary>Waits until a question to the database is answered with yes.</summary>
    public async Task UntilAsync(string question)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (!await TryAskAsync(question))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, $"{question}\n{Log}");
            await Task.Delay(200);
        }
    }

    public async Task<T> AskAsync<T>(string question)
    {
        await using NpgsqlConnection connection = new(Server.ConnectionString + ";Search Path=feeds;Pooling=false");
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(question, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The largest distance of two neighbouring ticks of a symbol whose later one came after a time.</summary>
    public Task<TimeSpan> LargestGapAsync(DateTimeOffset since) => AskAsync<TimeSpan>(
        $"""
        SELECT coalesce(max(gap), interval '0') FROM (
            SELECT tick, tick - lag(tick) OVER (PARTITION BY symbol ORDER BY tick) AS gap FROM feed_row) g
        WHERE tick > '{since.UtcDateTime:O}'
        """);

    /// <summary>Holds what must be true whatever happened: epochs rise with ticks, no row differs from one that was there.</summary>
    public async Task CheckAsync()
    {
        Assert.Equal(0L, await AskAsync<long>(
            """
            SELECT count(*) FROM (SELECT epoch - lag(epoch) OVER (PARTITION BY symbol ORDER BY tick) AS step FROM feed_row) s WHERE step < 0
            """));
        Assert.Equal(0L, await AskAsync<long>(
            "SELECT count(*) FROM feed_row r JOIN symbol_lease l USING (symbol) WHERE r.epoch > l.epoch"));
        Assert.Equal(0L, await AskAsync<long>("SELECT count(*) FROM (SELECT 1 FROM feed_row GROUP BY symbol, tick HAVING count(*) > 1) d"));
        Assert.DoesNotContain("is in the database with other values", Log, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (FeedsProgram node in _nodes.Values)
        {
            await node.DisposeAsync();
        }

        await _venue.DisposeAsync();
        await Server.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<bool> TryAskAsync(string question)
    {
        try
        {
            return await AskAsync<object>(question) is true;
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            // The database is away, or has no tables yet.
            return false;
        }
    }
}
