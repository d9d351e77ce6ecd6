using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Feeds.Tests.Storage.Postgres;

/// <summary>
/// A private PostgreSQL of the tests, from the package of the system, in a temporary folder on a free port. What
/// a killed run left behind goes with the next one.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    public const string Absent = "PostgreSQL is not installed (Debian: apt-get install postgresql)";

    private const string Prefix = "feeds-postgres-";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(2);
    private static readonly Lazy<string?> Programs = new(FindPrograms);
    private static int _number;

    private readonly string _folder;
    private readonly string[] _settings;
    private int _databases;

    private PostgresServer(string folder, int port, string[] settings)
    {
        _folder = folder;
        _settings = settings;
        Port = port;
    }

    public int Port { get; }

    public string Data => Path.Combine(_folder, "data");

    /// <summary>The connection string of the first database, over TCP.</summary>
    public string ConnectionString => ConnectionStringOf("postgres");

    public static bool IsInstalled => Programs.Value is not null;

    /// <summary>
    /// Makes and starts a server; with <paramref name="durable"/> it survives being killed, which costs speed.
    /// </summary>
    public static async Task<PostgresServer> StartAsync(bool durable = false, params string[] settings)
    {
        if (!IsInstalled) throw new InvalidOperationException(Absent);
        await RemoveLeftoversAsync();
        var name = string.Create(
            CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{Interlocked.Increment(ref _number)}");
        var folder = Path.Combine(Path.GetTempPath(), name);
        Directory.CreateDirectory(folder);
        if (IsRoot) await RunAsync("chown", "postgres", folder);
        string[] speed = durable ? [] : ["-c", "fsync=off", "-c", "full_page_writes=off"];
        PostgresServer server = new(folder, FreePort(), [.. speed, .. settings]);
        await RunAsPostgresAsync(
            "initdb", "-D", server.Data, "-U", "feeds", "-A", "trust", "--no-sync", "--locale=C", "-E", "UTF8",
            "--no-instructions");
        await server.StartAgainAsync();
        return server;
    }

    public string ConnectionStringOf(string database) => string.Create(
        CultureInfo.InvariantCulture,
        $"Host=127.0.0.1;Port={Port};Database={database};Username=feeds;Password=canary-7d1f");

    /// <summary>Makes a new database and returns its connection string.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref _databases)}");
        await RunAsPostgresAsync(
            "psql", "-qX", "-h", _folder, "-p", PortText, "-U", "feeds", "-c", $"CREATE DATABASE {name}", "postgres");
        return ConnectionStringOf(name);
    }

    public Task StartAgainAsync() => RunAsPostgresAsync(
        "pg_ctl", "start", "-w", "-t", "100", "-D", Data, "-l", Path.Combine(_folder, "log"), "-o",
        string.Join(' ', [
            "-p", PortText, "-k", _folder, "-c", "listen_addresses=127.0.0.1", "-c", "shared_buffers=64MB", "-c",
            "max_connections=200", "-c", "max_wal_size=256MB", .. _settings]));

    /// <summary>Stops it; <c>immediate</c> is a crash, <c>fast</c> ends sessions.</summary>
    public Task StopAsync(string mode = "fast") =>
        RunAsPostgresAsync("pg_ctl", "stop", "-w", "-m", mode, "-D", Data);

    /// <summary>Writes a backup of a database's schema to a file.</summary>
    public Task DumpAsync(string database, string path) => RunAsPostgresAsync(
        "pg_dump", "-h", _folder, "-p", PortText, "-U", "feeds", "-Fc", "-f", path, database);

    /// <summary>Puts a backup in the place of what the database's schema holds.</summary>
    public async Task RestoreAsync(string database, string schema, string path)
    {
        await RunAsPostgresAsync(
            "psql", "-qX", "-h", _folder, "-p", PortText, "-U", "feeds", "-c", $"DROP SCHEMA {schema} CASCADE",
            database);
        await RunAsPostgresAsync(
            "pg_restore", "-h", _folder, "-p", PortText, "-U", "feeds", "--exit-on-error", "-d", database, path);
    }

    /// <summary>
    /// Lets it refuse all writes (25006), as a standby does that was not promoted, or take them again.
    /// </summary>
    public Task SetReadOnlyAsync(bool readOnly) => RunAsPostgresAsync(
        "psql", "-qX", "-h", _folder, "-p", PortText, "-U", "feeds", "-c",
        $"ALTER SYSTEM SET default_transaction_read_only = {(readOnly ? "on" : "off")}", "-c",
        "SELECT pg_reload_conf()", "postgres");

    /// <summary>A file in the server's own folder, which its user may write.</summary>
    public string At(string name) => Path.Combine(_folder, name);

    public async ValueTask DisposeAsync()
    {
        await TryStopAsync(_folder);
        Delete(_folder);
    }

    private string PortText => Port.ToString(CultureInfo.InvariantCulture);

    private static bool IsRoot => OperatingSystem.IsLinux() && Environment.UserName == "root";

    private static string? FindPrograms()
    {
        const string debian = "/usr/lib/postgresql";
        if (!Directory.Exists(debian)) return null;
        return Directory.GetDirectories(debian)
            .Select(version => Path.Combine(version, "bin"))
            .Where(folder => File.Exists(Path.Combine(folder, "initdb")))
            .OrderByDescending(folder => folder, StringComparer.Ordinal)
            .FirstOrDefault();
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // A run that was killed could not stop its servers; the process's number is in their folder's name.
    private static async Task RemoveLeftoversAsync()
    {
        foreach (var folder in Directory.GetDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            var owner = Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
            if (int.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && !IsAlive(id))
            {
                await TryStopAsync(folder);
                Delete(folder);
            }
        }
    }

    private static bool IsAlive(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static async Task TryStopAsync(string folder)
    {
        var data = Path.Combine(folder, "data");
        if (File.Exists(Path.Combine(data, "postmaster.pid")))
        {
            try
            {
                await RunAsync(AsPostgres("pg_ctl", "stop", "-m", "immediate", "-D", data));
            }
            catch (InvalidOperationException)
            {
                // It is not running any more.
            }
        }
    }

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another run removes it at the same time, or the next one will.
        }
    }

    private static Task RunAsPostgresAsync(string program, params string[] arguments) =>
        RunAsync(AsPostgres(program, arguments));

    // The server refuses to run as root.
    private static string[] AsPostgres(string program, params string[] arguments)
    {
        string[] command = [Path.Combine(Programs.Value!, program), .. arguments];
        return IsRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", .. command] : command;
    }

    private static async Task RunAsync(params string[] command)
    {
        ProcessStartInfo start = new(command[0], command[1..])
        {
            WorkingDirectory = "/",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        using CancellationTokenSource deadline = new(StartTimeout);
        // The server inherits its starter's output and would hold it open: the end of the starter is what counts.
        List<string> lines = [];
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await process.WaitForExitAsync(deadline.Token);
        if (process.ExitCode != 0)
        {
            lock (lines)
                throw new InvalidOperationException($"{command[0]} … {command[^1]} failed: {string.Join('\n', lines)}");
        }

        void Add(string? line)
        {
            lock (lines)
                if (line is not null) lines.Add(line);
        }
    }
}
