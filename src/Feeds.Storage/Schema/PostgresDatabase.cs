using System.Globalization;
using Feeds.Core;
using Npgsql;

namespace Feeds.Storage.Schema;

/// <summary>
/// The way to one schema of one database. Every session has the schema as its search path, so SQL names tables bare,
/// and the time limits that keep a process that was frozen from holding others up. Safe from any thread.
/// </summary>
public sealed class PostgresDatabase : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;

    /// <summary>Prepares the way; nothing is connected yet.</summary>
    /// <exception cref="FeedsException">The connection string cannot be read; the message does not have it.</exception>
    public PostgresDatabase(PostgresOptions options)
    {
        Options = options;
        NpgsqlConnectionStringBuilder settings = Parse(options.ConnectionString);
        settings.ApplicationName = options.ApplicationName;
        settings.SearchPath = SqlName.Quote(options.Schema);
        settings.Options = $"{settings.Options} {SessionOptions(options)}".TrimStart();
        settings.Timeout = (int)Math.Ceiling(options.ConnectTimeout.TotalSeconds);
        settings.CommandTimeout = (int)Math.Ceiling(options.StatementTimeout.TotalSeconds) + 5;
        settings.CancellationTimeout = 1000;
        settings.TcpKeepAlive = true;
        settings.TcpKeepAliveTime = 5;
        settings.TcpKeepAliveInterval = 2;

        // Nothing but LISTEN is ever set beyond a transaction, and a word to who stopped listening is dropped: a
        // session that comes back to the pool has nothing to forget.
        settings.NoResetOnClose = true;
        settings.PersistSecurityInfo = false;
        settings.IncludeErrorDetail = false;
        Name = $"postgres://{settings.Host}:{settings.Port}/{settings.Database}/{options.Schema}";
        _source = new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
    }

    /// <summary>What it was told.</summary>
    public PostgresOptions Options { get; }

    /// <summary>Where it leads to, without user and password: for messages.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    internal async ValueTask<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken) =>
        await _source.OpenConnectionAsync(cancellationToken);

    /// <summary>A connection that is not of the pool's count, for whoever must never wait for others.</summary>
    internal NpgsqlConnection NewConnection() => _source.CreateConnection();

    /// <summary>
    /// Runs work on a connection; a fault of the database becomes a <see cref="DatabaseException"/> that says what was
    /// being done.
    /// </summary>
    internal async Task<T> RunAsync<T>(
        string doing, Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            await using NpgsqlConnection connection = await ConnectAsync(cancellationToken);
            return await work(connection);
        }
        catch (Exception failure) when (SqlFaults.IsFault(failure))
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Failure(doing, failure);
        }
    }

    internal DatabaseException Failure(string doing, Exception failure) =>
        new(Name, $"{Name}: {doing}: {SqlFaults.Describe(failure)}", failure);

    private static NpgsqlConnectionStringBuilder Parse(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or InvalidCastException)
        {
            // The reason may quote the string, so it is left out.
            throw new FeedsException(
                "the PostgreSQL connection string cannot be read: it is Host=…;Port=…;Database=…;Username=…;Password=…");
        }
    }

    private static string SessionOptions(PostgresOptions options) =>
        string.Join(
            ' ',
            Setting("idle_in_transaction_session_timeout", options.IdleInTransaction),
            Setting("statement_timeout", options.StatementTimeout),
            Setting("lock_timeout", options.LockTimeout),
            "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 -c tcp_user_timeout=10000");

    private static string Setting(string name, TimeSpan limit) =>
        string.Create(CultureInfo.InvariantCulture, $"-c {name}={(long)limit.TotalMilliseconds}");
}
