using Feeds.Core.Market;
using Feeds.Engine.Journaling;
using Feeds.Engine.Symbols;
using Feeds.Storage;
using Feeds.Storage.Files;
using Feeds.Storage.Journals;
using Feeds.Storage.Leases;
using Feeds.Storage.Schema;
using Feeds.Storage.Sinks;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine;

/// <summary>
/// Where things of a node rest: row sinks, journal, leases, the symbols that operators changed. On the disk for a node
/// alone, in PostgreSQL for a member of a cluster.
/// </summary>
internal sealed class NodeStore : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _open = [];
    private readonly List<IRowSink> _sinks = [];
    private Func<IReadOnlyCollection<Symbol>, CancellationToken, Task>? _refresh;

    private NodeStore()
    {
    }

    public IReadOnlyList<IRowSink> Sinks => _sinks;

    public NodeJournal Journal { get; private set; } = null!;

    /// <summary>What operators changed; null in a cluster, where the database knows.</summary>
    public SymbolChanges? Changes { get; private set; }

    public ILeases Leases { get; private set; } = null!;

    public HeldLeases Held { get; } = new();

    /// <summary>Opens all of it, or nothing.</summary>
    /// <exception cref="StorageException">
    /// A file, folder or database cannot be used, or another process has it.
    /// </exception>
    public static async Task<NodeStore> OpenAsync(
        NodeOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        StorageLog events = new(loggers.CreateLogger("Feeds.Storage"));
        NodeStore store = new();
        try
        {
            if (options.Cluster is { } cluster)
            {
                await store.JoinAsync(cluster, options, time, events, cancellationToken);
            }
            else
            {
                await store.OpenAloneAsync(options, time, events, cancellationToken);
            }

            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads again how far the rows of symbols go: another node may have written them until now.</summary>
    public Task RefreshAsync(IReadOnlyCollection<Symbol> symbols, CancellationToken cancellationToken) =>
        _refresh?.Invoke(symbols, cancellationToken) ?? Task.CompletedTask;

    /// <summary>
    /// Closes what is open, the newest first: the journal before the leases under which it is written.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        while (_open.TryPop(out IAsyncDisposable? each))
        {
            await each.DisposeAsync();
        }
    }

    private async Task OpenAloneAsync(
        NodeOptions options, TimeProvider time, IStorageEvents events, CancellationToken cancellationToken)
    {
        Changes = SymbolChanges.Open(options.DataDirectory);
        SegmentJournal journal = Open(SegmentJournal.Open(JournalOf(options), time, events));
        Leases = Open(LocalLeases.Open(
            Path.Combine(options.DataDirectory, "epoch.json"), "local", Changes.Apply(options.Symbols), time));
        OpenFiles(options, static path => path, events);
        if (options.Postgres is { } connection)
        {
            PostgresDatabase database = Open(
                new PostgresDatabase(new PostgresOptions { ConnectionString = connection }));
            _sinks.Add(Open(await PostgresRowSink.OpenAsync(database, events, cancellationToken)));
        }

        Journal = new NodeJournal(journal, _sinks, time);
    }

    private async Task JoinAsync(
        ClusterMembership cluster, NodeOptions options, TimeProvider time, IStorageEvents events,
        CancellationToken cancellationToken)
    {
        _open.Push(new FolderLock(FolderLocks.Take(options.DataDirectory)));
        PostgresLeases leases = Open(await PostgresLeases.OpenAsync(
            new PostgresLeasesOptions
            {
                Name = cluster.Name,
                Address = cluster.Address(),
                LeaseTime = options.LeaseTtl,
                MemoryPath = Path.Combine(options.DataDirectory, "referee.json"),
            },
            new PostgresOptions { ConnectionString = options.Postgres! },
            time,
            cancellationToken));
        Leases = leases;
        PostgresJournal journal = Open(new PostgresJournal(
            new PostgresJournalOptions
            {
                KeepAge = options.JournalKeepAge,
                MaxPendingBytes = options.JournalMaxPendingBytes
            },
            leases, Held, time, events));
        PostgresRowSink rows = Open(await PostgresRowSink.OpenAsync(leases, Held, events, cancellationToken));
        _refresh = rows.RefreshAsync;
        _sinks.Add(rows);

        // What the referee holds decides where a symbol goes on; the files of a node are what this start of it
        // released.
        Journal = new NodeJournal(journal, [rows], time);
        OpenFiles(options, path => NameOf(path, leases.NodeId), events);
    }

    private static string NameOf(string path, string nodeId) =>
        Path.Combine(
            Path.GetDirectoryName(path)
                ?? "", $"{Path.GetFileNameWithoutExtension(path)}.{nodeId}{Path.GetExtension(path)}");

    private void OpenFiles(NodeOptions options, Func<string, string> name, IStorageEvents events)
    {
        _sinks.AddRange(options.OwnSinks.Select(Open));
        if (options.CsvPath is { } path)
        {
            CsvRowSinkOptions csv = new()
            {
                Path = name(path),
                Rotation = options.CsvRotation,
                RotateBytes = options.CsvRotateMb * 1_000_000L,
                KeepFiles = options.CsvKeepFiles,
            };
            _sinks.Add(Open(CsvRowSink.Open(csv, events)));
        }

        if (options.ParquetPath is { } folder)
        {
            ParquetRowSinkOptions parquet = new()
            {
                Path = name(folder),
                TickMs = (long)options.Interval.TotalMilliseconds
            };
            _sinks.Add(Open(ParquetRowSink.Open(parquet, events)));
        }
    }

    private T Open<T>(T opened)
        where T : IAsyncDisposable
    {
        _open.Push(opened);
        return opened;
    }

    private static JournalOptions JournalOf(NodeOptions options) => new()
    {
        Folder = Path.Combine(options.DataDirectory, "journal"),
        KeepAge = options.JournalKeepAge,
        KeepBytes = options.JournalKeepBytes,
        MinFreeBytes = options.JournalMinFreeBytes,
    };

    private sealed class FolderLock(IDisposable held) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            held.Dispose();
            return default;
        }
    }
}
