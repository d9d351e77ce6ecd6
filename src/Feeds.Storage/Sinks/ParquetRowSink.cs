using System.Collections.Concurrent;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Storage.Files;

namespace Feeds.Storage.Sinks;

/// <summary>
/// Live feature rows as Parquet, partitioned by hour: one file an hour with all symbols, published anew every minute of
/// ticks, whole each time. Rows wait in memory until then, so a row is durable when <see cref="DurableTick"/> says so
/// and not when the write returns; after a crash the journal's fold brings them again. Publishing goes on beside the
/// writing of the next rows.
/// </summary>
public sealed class ParquetRowSink : IRowSink
{
    // The newest hours are read at the start; an older one when a row for it comes.
    private const int HoursAtStart = 2;

    private readonly ParquetRowSinkOptions _options;
    private readonly IFileSystem _files;
    private readonly IStorageEvents _events;
    private readonly FeatureRowFolder _folder;
    private readonly IDisposable _lock;
    private readonly SortedDictionary<long, FeatureRowHour> _hours = [];
    private readonly Dictionary<string, long> _accepted = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _durable = new(StringComparer.Ordinal);
    private readonly HashSet<long> _readHours = [];
    private long _readFrom;
    private volatile bool _beginsNow;
    private Task<StorageException?> _publishing = Task.FromResult<StorageException?>(null);
    private int _waiting;
    private long _rowsWritten;

    private ParquetRowSink(ParquetRowSinkOptions options, IFileSystem files, IStorageEvents events)
    {
        _options = options;
        _files = files;
        _events = events;
        _folder = new FeatureRowFolder(options.Path, files, events);
        _lock = TakeLock();
    }

    /// <inheritdoc/>
    public string Name => "parquet";

    /// <summary>Rows put into files since the start.</summary>
    public long RowsWritten => Volatile.Read(ref _rowsWritten);

    /// <summary>Rows that were held already and passed over.</summary>
    public long RowsHeld { get; private set; }

    /// <summary>
    /// Opens the table: removes what a crash left half-written and reads which ticks the newest files hold. The lock
    /// file
    /// <c>feature_row/.lock</c> keeps a second writer out for as long as this one lives.
    /// </summary>
    /// <exception cref="StorageLockedException">Another writer has the table.</exception>
    /// <exception cref="StorageException">The folder cannot be used.</exception>
    public static ParquetRowSink Open(ParquetRowSinkOptions options, IStorageEvents? events = null) =>
        Open(options, DiskFileSystem.Instance, events ?? NoStorageEvents.Instance);

    internal static ParquetRowSink Open(ParquetRowSinkOptions options, IFileSystem files, IStorageEvents events)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.TickMs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.PublishMs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.GroupRows);
        ParquetRowSink sink = new(options, files, events);
        try
        {
            sink.ReadFolder();
            return sink;
        }
        catch (Exception e)
        {
            sink._lock.Dispose();
            if (e is IOException or UnauthorizedAccessException)
            {
                throw sink.Unavailable(e);
            }

            throw;
        }
    }

    /// <summary>
    /// Returns the newest tick of a symbol in a published file, epoch ms; 0 when there is none. A table that has no
    /// rows at all asks for no past: <see cref="long.MaxValue"/>, until its first file is published. Safe from any
    /// thread.
    /// </summary>
    public long DurableTick(Symbol symbol) =>
        _durable.TryGetValue(symbol.Text, out long tick) ? tick : _beginsNow ? long.MaxValue : 0;

    /// <inheritdoc/>
    public async ValueTask WriteAsync(IReadOnlyList<TickRows> rows, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_publishing.IsCompleted && await _publishing is { } failure)
        {
            ThrowIfSuspect(failure);
            await PublishAsync(cancellationToken);
        }

        long newest = 0;
        foreach (TickRows row in rows)
        {
            Guarded(() => Accept(row));
            newest = Math.Max(newest, row.Feed.TickTime);
            if (_waiting >= _options.GroupRows)
            {
                await PublishAsync(cancellationToken);
            }
        }

        if (_waiting > 0 && EndsPeriod(newest))
        {
            await SettleAsync(cancellationToken);
            BeginToPublish();
        }
    }

    /// <summary>
    /// Publishes what waits and lets the lock go. What cannot be published comes again from the journal at the next
    /// start.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (await _publishing is not StorageSuspectException)
            {
                await PublishAsync(CancellationToken.None);
            }
        }
        catch (StorageException e)
        {
            _events.RowsPutOff(_folder.Root, e.Message);
        }
        finally
        {
            _lock.Dispose();
        }
    }

    /// <summary>Returns when nothing is being published; throws what a publication failed with.</summary>
    internal async Task SettleAsync(CancellationToken cancellationToken)
    {
        if (await _publishing.WaitAsync(cancellationToken) is { } failure)
        {
            throw failure;
        }
    }

    private async Task PublishAsync(CancellationToken cancellationToken)
    {
        ThrowIfSuspect(await _publishing.WaitAsync(cancellationToken));
        BeginToPublish();
        await SettleAsync(cancellationToken);
    }

    private void BeginToPublish()
    {
        FeatureRowHour[] dirty = [.. _hours.Values.Where(hour => hour.IsDirty)];
        KeyValuePair<string, long>[] ticks = [.. _accepted];
        _waiting = 0;
        // An hour that is over is forgotten once its file is complete; a late row opens it again.
        long last = _hours.Count == 0 ? 0 : _hours.Keys.Last();
        foreach (long over in _hours.Where(hour => hour.Key < last && !hour.Value.IsDirty).Select(hour => hour.Key)
            .ToArray())
        {
            _hours.Remove(over);
        }

        _publishing = Task.Run(() => Publish(dirty, ticks));
    }

    private StorageException? Publish(FeatureRowHour[] hours, KeyValuePair<string, long>[] ticks)
    {
        try
        {
            foreach (FeatureRowHour hour in hours)
            {
                Volatile.Write(ref _rowsWritten, _rowsWritten + hour.Publish());
            }
        }
        catch (StorageSuspectException e)
        {
            return e;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unavailable(e);
        }

        foreach ((string symbol, long tick) in ticks)
        {
            _durable[symbol] = tick;
        }

        _beginsNow &= hours.Length == 0;
        return null;
    }

    private void Accept(TickRows row)
    {
        string symbol = row.Feed.Symbol.Text;
        long tick = row.Feed.TickTime;
        long hour = FeatureRowFolder.HourOf(tick);
        if (tick > _accepted.GetValueOrDefault(symbol) && hour < _readFrom && _readHours.Add(hour))
        {
            _folder.ReadTicks(hour, Found);
        }

        if (tick <= _accepted.GetValueOrDefault(symbol))
        {
            RowsHeld++;
            return;
        }

        // Without features there is nothing to keep: the tick is done with all the same.
        if (row.Features is { } features)
        {
            if (!_hours.TryGetValue(hour, out FeatureRowHour? open))
            {
                open = new FeatureRowHour(_folder, _files, hour, _options.GroupRows);
                _hours.Add(hour, open);
            }

            open.Add(features);
        }

        _waiting++;
        _accepted[symbol] = tick;
    }

    // Whether the next tick belongs to the next period: then this one is complete.
    private bool EndsPeriod(long tick) =>
        (tick + _options.TickMs) / _options.PublishMs > tick / _options.PublishMs;

    private void ReadFolder()
    {
        IReadOnlyList<long> hours = _folder.Hours();
        foreach (long hour in hours)
        {
            _folder.Clean(hour);
        }

        long[] held = [.. hours.Where(hour => _folder.FilesOf(hour).Any())];
        _beginsNow = held.Length == 0;
        _readFrom = _beginsNow ? long.MinValue : held[Math.Max(0, held.Length - HoursAtStart)];
        foreach (long hour in held.Where(hour => hour >= _readFrom))
        {
            _folder.ReadTicks(hour, Found);
        }
    }

    private void Found(string symbol, long tick)
    {
        if (tick > _accepted.GetValueOrDefault(symbol))
        {
            _accepted[symbol] = tick;
            _durable[symbol] = tick;
        }
    }

    private IDisposable TakeLock()
    {
        string path = Path.Combine(_folder.Root, ".lock");
        try
        {
            _files.CreateFolder(_folder.Root);
            return _files.Lock(path);
        }
        catch (IOException e) when (_files.Exists(path))
        {
            throw new StorageLockedException(
                _folder.Root,
                $"{_folder.Root} is being written by another process (its lock {path} is held): stop it, or name "
                + "another parquet_path",
                e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(e);
        }
    }

    private void Guarded(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(e);
        }
    }

    private void ThrowIfSuspect(StorageException? failure)
    {
        if (failure is StorageSuspectException)
        {
            throw new StorageSuspectException(
                _folder.Root, $"{_folder.Root}: the disk did not confirm an earlier write; restart the process",
                failure);
        }
    }

    private StorageException Unavailable(Exception e) =>
        new(_folder.Root,
            $"rows cannot be written to {_folder.Root}: {e.Message} Rows wait until they can be written again.", e);
}
