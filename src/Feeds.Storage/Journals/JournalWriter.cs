using System.Diagnostics.CodeAnalysis;
using Feeds.Core;
using Feeds.Core.Market;
using Feeds.Core.Numerics;
using Feeds.Storage.Files;

namespace Feeds.Storage.Journals;

/// <summary>
/// Writes the journal of a node: every event is encoded at once into the frame in memory, and a flush brings the frame
/// to disk with one write and one fsync for all symbols. One writer per folder, held by a lock file; readers need no
/// lock.
/// </summary>
public sealed class JournalWriter : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Lock _flushGate = new();
    private readonly JournalOptions _options;
    private readonly IFileSystem _files;
    private readonly IStorageEvents _events;
    private readonly TimeProvider _time;
    private readonly IDisposable _lock;
    private readonly JournalFolder _folder;
    private readonly StateWriter _body = new();
    private FrameBuffer _filling = new();
    private FrameBuffer _spare = new();
    private FrameBuffer? _unwritten;
    private OpenSegment? _segment;
    private long _fillings;
    private long _position;
    private long _durablePosition;
    private long _bytesWritten;
    private string? _failure;

    private JournalWriter(JournalOptions options, TimeProvider time, IFileSystem files, IStorageEvents events)
    {
        _options = options;
        _time = time;
        _files = files;
        _events = events;
        _folder = new JournalFolder(files, options.Folder);
        _lock = JournalLock.Take(files, _folder.Folder);
        try
        {
            JournalStart start = new(_folder, files, events);
            start.CleanUp();
            _position = start.LastPosition();
            _durablePosition = _position;
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
    }

    /// <summary>Position of the last event appended; 0 before the first.</summary>
    public long Position => Interlocked.Read(ref _position);

    /// <summary>The high watermark: position of the last event that is known to be durable.</summary>
    public long DurablePosition => Interlocked.Read(ref _durablePosition);

    /// <summary>Bytes brought to disk since the start.</summary>
    public long BytesWritten => Interlocked.Read(ref _bytesWritten);

    /// <summary>Bytes that wait for the next flush.</summary>
    public long PendingBytes
    {
        get
        {
            lock (_gate)
            {
                return PendingLocked();
            }
        }
    }

    /// <summary>True when an fsync failed: nothing is taken any more and the process must end.</summary>
    public bool HasFailed => Volatile.Read(ref _failure) is not null;

    /// <summary>
    /// Opens the journal of a folder for writing: takes its lock, removes leftovers, cuts a torn tail. Appending goes
    /// on in a new segment.
    /// </summary>
    /// <exception cref="StorageLockedException">Another writer has the folder.</exception>
    /// <exception cref="StorageException">The folder cannot be used.</exception>
    public static JournalWriter Open(JournalOptions options, TimeProvider time, IStorageEvents? events = null) =>
        Open(options, time, DiskFileSystem.Instance, events ?? NoStorageEvents.Instance);

    internal static JournalWriter Open(
        JournalOptions options, TimeProvider time, IFileSystem files, IStorageEvents events)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.SegmentBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxPendingBytes, 100_000_000);
        try
        {
            return new JournalWriter(options, time, files, events);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                options.Folder, $"the journal in {options.Folder} cannot be opened: {e.Message}", e);
        }
    }

    /// <summary>
    /// Returns a symbol's part of the journal. <paramref name="lastSequence"/> is that of the symbol's recovered state,
    /// 0 for a symbol that has no past.
    /// </summary>
    public SymbolJournal For(Symbol symbol, long lastSequence)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lastSequence);
        return new SymbolJournal(this, symbol, lastSequence);
    }

    /// <summary>
    /// Brings everything that was appended before the call to disk, on the caller's thread. Returns the high watermark.
    /// Calls from several threads wait for one another and share flushes.
    /// </summary>
    /// <exception cref="StorageException">
    /// The disk takes nothing just now; what waits is kept and written by a later flush.
    /// </exception>
    /// <exception cref="StorageSuspectException">
    /// The disk did not confirm: the journal has failed and the process must end.
    /// </exception>
    public long Flush()
    {
        long wanted = Position;
        lock (_flushGate)
        {
            while (DurablePosition < wanted)
            {
                ThrowIfFailed();
                FrameBuffer? frame = _unwritten ?? TakeFrame();
                if (frame is null)
                {
                    break;
                }

                _unwritten = frame;
                WriteFrame(frame);
                Interlocked.Exchange(ref _durablePosition, frame.LastPosition);
                lock (_gate)
                {
                    _unwritten = null;
                    _spare = frame;
                }
            }
        }

        return DurablePosition;
    }

    /// <summary>As <see cref="Flush"/>. A cancel is heeded before the flush begins; then all of it is done.</summary>
    public ValueTask<long> FlushAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Flush());
    }

    /// <summary>Flushes what waits, if the disk takes it, closes the segment and lets the lock go.</summary>
    public void Dispose()
    {
        try
        {
            if (!HasFailed)
            {
                Flush();
            }
        }
        catch (StorageException)
        {
            // What is not durable was never called so; the next start finds what is there.
        }

        _segment?.Dispose();
        _lock.Dispose();
    }

    internal long Append(SymbolJournal symbol, long sequence, in MarketEvent e)
    {
        int length = EventCodec.LengthOf(e);
        lock (_gate)
        {
            if (_failure is not null || PendingLocked() > _options.MaxPendingBytes)
            {
                ThrowCannotTake();
            }

            if (sequence != symbol.LastSequence + 1)
            {
                ThrowSequence(symbol, sequence);
            }

            FrameBuffer frame = _filling;
            if (symbol.Filling != frame.Filling)
            {
                symbol.Slot = frame.AddSymbol(symbol.Symbol, sequence);
                symbol.Filling = frame.Filling;
            }

            long position = _position + 1;
            if (length >= 0)
            {
                EventCodec.Write(e, symbol.Slot, frame.Add(symbol.Slot, length, position));
            }
            else
            {
                _body.Reset();
                SlowRecordCodec.Write(e, _body);
                ReadOnlySpan<byte> body = _body.Written;
                EventCodec.Write(
                    e, symbol.Slot, body, frame.Add(symbol.Slot, EventCodec.HeadLength + body.Length, position));
            }

            symbol.LastSequence = sequence;
            _position = position;
            return position;
        }
    }

    // The path of the file that is being appended to; the sealer leaves it alone.
    internal string? CurrentPath
    {
        get
        {
            lock (_flushGate)
            {
                return _segment?.Path;
            }
        }
    }

    private FrameBuffer? TakeFrame()
    {
        lock (_gate)
        {
            if (_filling.EventCount == 0)
            {
                return null;
            }

            FrameBuffer full = _filling;
            _filling = _spare;
            _filling.Reset(++_fillings);
            return full;
        }
    }

    private void WriteFrame(FrameBuffer frame)
    {
        try
        {
            long now = _time.GetUtcNow().ToUnixTimeMilliseconds();
            if (_segment is null || _segment.IsFull(_options, now) || !_segment.IsInPlace(_files))
            {
                BeginSegment(frame.FirstPosition, now);
            }

            long written = _segment!.Append(frame, now);
            Interlocked.Add(ref _bytesWritten, written);
        }
        catch (StorageSuspectException e)
        {
            Volatile.Write(ref _failure, e.Message);
            throw;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                _folder.Folder,
                $"the journal in {_folder.Folder} cannot be written: {e.Message} Rows wait until it can be again.", e);
        }
    }

    private void BeginSegment(long firstPosition, long now)
    {
        OpenSegment? old = _segment;
        bool inPlace = old is not null && old.IsInPlace(_files);
        try
        {
            _segment = OpenSegment.Create(_folder, _files, firstPosition, now);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && inPlace)
        {
            // No handle or no room for a new file is no reason to stop: the old one takes more.
            _events.RotationPutOff(old!.Path, e.Message);
            return;
        }

        old?.Dispose();
        if (old is not null && !inPlace)
        {
            _events.Damaged(
                old.Path, 0, old.Length, "the segment that was being written is gone or was cut by somebody else");
        }
    }

    private long PendingLocked() => _filling.Length + (_unwritten?.Length ?? 0);

    private void ThrowIfFailed()
    {
        if (_failure is not null)
        {
            throw new StorageSuspectException(_folder.Folder, _failure);
        }
    }

    [DoesNotReturn]
    private void ThrowCannotTake()
    {
        ThrowIfFailed();
        throw new StorageException(
            _folder.Folder,
            $"the journal in {_folder.Folder} takes no more: {_options.MaxPendingBytes} bytes wait for the disk");
    }

    [DoesNotReturn]
    private static void ThrowSequence(SymbolJournal symbol, long sequence) =>
        throw new FeedsException(
            $"journal of {symbol.Symbol}: sequence {sequence} does not follow {symbol.LastSequence}");
}
