using Feeds.Engine.Journaling;
using Feeds.Engine.Symbols;
using Feeds.Storage;
using Feeds.Storage.Journals;
using Feeds.Storage.Leases;
using Feeds.Storage.Sinks;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine;

/// <summary>What of a node lies on disk: row sinks, journal, the symbols that operators changed.</summary>
internal sealed class NodeStore : IAsyncDisposable
{
    private NodeStore(
        IReadOnlyList<IRowSink> sinks, NodeJournal journal, SymbolChanges changes, ILeases leases, HeldLeases held)
    {
        Sinks = sinks;
        Journal = journal;
        Changes = changes;
        Leases = leases;
        Held = held;
    }

    public IReadOnlyList<IRowSink> Sinks { get; }

    public NodeJournal Journal { get; }

    public SymbolChanges Changes { get; }

    public ILeases Leases { get; }

    public HeldLeases Held { get; }

    /// <summary>Opens all of it, or nothing.</summary>
    /// <exception cref="StorageException">A file or folder cannot be used, or another process has it.</exception>
    public static async Task<NodeStore> OpenAsync(NodeOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        StorageLog events = new(loggers.CreateLogger("Feeds.Storage"));
        SymbolChanges changes = SymbolChanges.Open(options.DataDirectory);
        List<IRowSink> sinks = [];
        try
        {
            OpenSinks(options, events, sinks);
            IJournal journal = SegmentJournal.Open(JournalOf(options), time, events);
            ILeases leases = LocalLeases.Open(
                Path.Combine(options.DataDirectory, "epoch.json"), "local", changes.Apply(options.Symbols), time);
            return new NodeStore(sinks, new NodeJournal(journal, sinks, time), changes, leases, new HeldLeases());
        }
        catch
        {
            await DisposeAsync(sinks);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await DisposeAsync(Sinks);
        await Journal.DisposeAsync();
        await Leases.DisposeAsync();
    }

    private static void OpenSinks(NodeOptions options, IStorageEvents events, List<IRowSink> sinks)
    {
        sinks.AddRange(options.OwnSinks);
        if (options.CsvPath is { } path)
        {
            CsvRowSinkOptions csv = new()
            {
                Path = path,
                Rotation = options.CsvRotation,
                RotateBytes = options.CsvRotateMb * 1_000_000L,
                KeepFiles = options.CsvKeepFiles,
            };
            sinks.Add(CsvRowSink.Open(csv, events));
        }

        if (options.ParquetPath is { } folder)
        {
            ParquetRowSinkOptions parquet = new() { Path = folder, TickMs = (long)options.Interval.TotalMilliseconds };
            sinks.Add(ParquetRowSink.Open(parquet, events));
        }
    }

    private static JournalOptions JournalOf(NodeOptions options) => new()
    {
        Folder = Path.Combine(options.DataDirectory, "journal"),
        KeepAge = options.JournalKeepAge,
        KeepBytes = options.JournalKeepBytes,
        MinFreeBytes = options.JournalMinFreeBytes,
    };

    private static async ValueTask DisposeAsync(IEnumerable<IRowSink> sinks)
    {
        foreach (IRowSink sink in sinks)
        {
            await sink.DisposeAsync();
        }
    }
}
