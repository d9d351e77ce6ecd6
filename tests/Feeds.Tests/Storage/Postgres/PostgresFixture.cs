using Feeds.Storage.Schema;
using Npgsql;
using Xunit;

namespace Feeds.Tests.Storage.Postgres;

/// <summary>One server for a collection of tests, started when the first asks for a database.</summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private PostgresServer? _server;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _gate.Dispose();
    }

    /// <summary>Returns the connection string of a new database.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        Require();
        await _gate.WaitAsync();
        try
        {
            _server ??= await PostgresServer.StartAsync();
            return await _server.NewDatabaseAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Skips the test when there is no server; with FEEDS_REQUIRE_POSTGRES=1 it fails.</summary>
    public static void Require()
    {
        var isRequired = Environment.GetEnvironmentVariable("FEEDS_REQUIRE_POSTGRES") == "1";
        if (!PostgresServer.IsInstalled && isRequired) Assert.Fail(PostgresServer.Absent);
        Assert.SkipUnless(PostgresServer.IsInstalled, PostgresServer.Absent);
    }

    /// <summary>Returns what a query of one value says.</summary>
    internal static async Task<T?> AskAsync<T>(string connectionString, string sql)
    {
        await using NpgsqlConnection connection = new(
            connectionString + ";Search Path=feeds;Pooling=false;Timeout=60;Command Timeout=60");
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        var value = await command.ExecuteScalarAsync();
        return value is null or DBNull ? default : (T)value;
    }

    /// <summary>Runs statements.</summary>
    internal static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using NpgsqlConnection connection = new(
            connectionString + ";Search Path=feeds;Pooling=false;Timeout=60;Command Timeout=60");
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Time limits for a machine that is busy with other things.</summary>
    internal static PostgresOptions Options(string connectionString) => new()
    {
        ConnectionString = connectionString,
        ConnectTimeout = TimeSpan.FromMinutes(1),
        StatementTimeout = TimeSpan.FromMinutes(1),
        LockTimeout = TimeSpan.FromSeconds(20),
        IdleInTransaction = TimeSpan.FromMinutes(1),
    };
}
