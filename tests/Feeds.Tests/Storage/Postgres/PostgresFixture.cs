using Feeds.Storage.Schema;
using Npgsql;

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
        PostgresServer.Require();
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

    /// <summary>Returns what a query of one value says.</summary>
    internal static async Task<T?> AskAsync<T>(string connectionString, string sql)
    {
        await using NpgsqlConnection connection = new(connectionString + ";Search Path=feeds;Pooling=false");
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        var value = await command.ExecuteScalarAsync();
        return value is null or DBNull ? default : (T)value;
    }

    /// <summary>Runs statements.</summary>
    internal static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using NpgsqlConnection connection = new(connectionString + ";Search Path=feeds;Pooling=false");
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    internal static PostgresOptions Options(string connectionString, string application = "feeds") =>
        new() { ConnectionString = connectionString, ApplicationName = application };
}
