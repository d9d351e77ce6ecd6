using Feeds.Actors;
using Feeds.Core.Symbols;
using Feeds.Engine.Health;
using Feeds.Engine.Symbols;
using Feeds.Storage;
using Feeds.Storage.Sinks;

namespace Feeds.Engine.Rows;

/// <summary>
/// Writes the rows of a tick together: when the last symbol's has come, or a little after the first. When a sink fails,
/// the actor fails and is restarted with back-off; the rows wait meanwhile, and so in the end do the symbols: nothing
/// is dropped.
/// </summary>
internal sealed class RowSinkActor : Actor<RowMessage>
{
    // While the lease is not good, rows wait here; with as many as this, the symbols wait too.
    private const int MaxHeldBack = 50_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan GateCheck = TimeSpan.FromMilliseconds(100);

    private readonly RowBuffer _buffer;
    private readonly SymbolSet _symbols;
    private readonly IReadOnlyList<IRowSink> _sinks;
    private readonly RowGauges _gauges;
    private readonly Func<CancellationToken, ValueTask> _flush;
    private readonly RowGate _gate;
    private bool _scheduled;

    /// <summary>Makes an instance; <paramref name="flush"/> returns when every event so far is durable.</summary>
    public RowSinkActor(
        RowBuffer buffer,
        SymbolSet symbols,
        IReadOnlyList<IRowSink> sinks,
        RowGauges gauges,
        RowGate gate,
        Func<CancellationToken, ValueTask> flush)
    {
        _gate = gate;
        _flush = flush;
        _buffer = buffer;
        _symbols = symbols;
        _sinks = sinks;
        _gauges = gauges;
    }

    // What waits from an earlier incarnation is looked after again: its timers went with it.
    protected override async ValueTask PreStart(CancellationToken stopping)
    {
        await ReleaseAsync(stopping);
        if (_buffer.Rows.Count > 0)
        {
            Schedule(GateCheck);
        }
    }

    protected override async ValueTask Receive(RowMessage message, CancellationToken stopping)
    {
        if (message == RowMessage.Release)
        {
            _scheduled = false;
            await ReleaseAsync(stopping);
            if (_buffer.Rows.Count > 0)
            {
                Schedule(GateCheck);
            }

            return;
        }

        if (message.Written is { } written)
        {
            await ReleaseAsync(stopping);
            while (_buffer.Rows.Count > 0)
            {
                await Task.Delay(GateCheck, Context.TimeProvider, stopping);
                await ReleaseAsync(stopping);
            }

            written.TrySet(true);
            return;
        }

        while (_buffer.Rows.Count >= MaxHeldBack)
        {
            await Task.Delay(GateCheck, Context.TimeProvider, stopping);
            await ReleaseAsync(stopping);
        }

        if (message.Rows is not null)
        {
            _gauges.TickToComputed.Add(Since(message.TickTime));
        }

        int heard = _buffer.Add(message);
        if (heard >= _symbols.Entries.Count)
        {
            await ReleaseAsync(stopping);
        }

        if (_buffer.Rows.Count > 0)
        {
            Schedule(_gate.IsOpen ? Patience : GateCheck);
        }
    }

    // Stopped in the ordinary way, the mailbox has been drained; what waits for its patience is written now. Past the
    // lease nothing is: the next owner makes the same rows from the journal.
    protected override async ValueTask PostStop() => await ReleaseAsync(CancellationToken.None);

    // A failed write ended this incarnation; the next one writes the same rows in its PreStart.
    protected override ValueTask PreRestart(Exception cause) => default;

    private async ValueTask ReleaseAsync(CancellationToken cancellationToken)
    {
        _gate.Discarded(_buffer.Keep(_gate.IsHeld));
        if (_buffer.Rows.Count == 0)
        {
            return;
        }

        if (!_gate.IsOpen)
        {
            return;
        }

        // Write-ahead: no row leaves before the events it stands on are on the disk.
        TimeProvider time = Context.TimeProvider;
        long start = time.GetTimestamp();
        await _flush(cancellationToken);
        EngineMeter.JournalFlush.Record(time.GetElapsedTime(start).TotalSeconds);
        _buffer.Sort(new ByTickThenPlace(_symbols));
        foreach (IRowSink sink in _sinks)
        {
            // While the journal or another sink was written, a symbol may have been lost or the lease come to its end:
            // no further sink gets such rows. Those that stay come again, and sinks pass over what they have.
            _gate.Discarded(_buffer.Keep(_gate.IsHeld));
            if (_buffer.Rows.Count == 0 || !_gate.IsOpen)
            {
                return;
            }

            start = time.GetTimestamp();
            await WriteAsync(sink, cancellationToken);
            EngineMeter.SinkWrite.Record(time.GetElapsedTime(start).TotalSeconds, EngineMeter.Sink(sink.Name));
            EngineMeter.SinkRows.Add(_buffer.Rows.Count, EngineMeter.Sink(sink.Name));
        }

        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        EngineMeter.TickToReleased.Record((now - _buffer.Rows[^1].Feed.TickTime) / 1000.0);
        foreach (TickRows rows in _buffer.Rows)
        {
            _gauges.TickToReleased.Add(Since(rows.Feed.TickTime));
        }

        _gauges.Written(_buffer.Rows.Count, _buffer.Rows[^1].Feed.TickTime);
        _buffer.Clear();
    }

    // The failure is the supervisor's affair; that it is this sink's is said to who looks.
    private async ValueTask WriteAsync(IRowSink sink, CancellationToken cancellationToken)
    {
        try
        {
            await sink.WriteAsync(_buffer.Rows, cancellationToken);
        }
        catch (StorageException failure)
        {
            _gauges.Failed(sink.Name, failure.Message);
            throw;
        }

        _gauges.Took(sink.Name);
    }

    private void Schedule(TimeSpan delay)
    {
        if (!_scheduled)
        {
            _scheduled = true;
            Context.ScheduleOnce(delay, RowMessage.Release);
        }
    }

    private TimeSpan Since(long tickTime) =>
        Context.TimeProvider.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(tickTime);

    private sealed class ByTickThenPlace : IComparer<TickRows>
    {
        private readonly Dictionary<string, int> _place = new(StringComparer.Ordinal);

        public ByTickThenPlace(SymbolSet symbols)
        {
            for (int i = 0; i < symbols.Entries.Count; i++)
            {
                _place[symbols.Entries[i].Symbol.Text] = i;
            }
        }

        public int Compare(TickRows? x, TickRows? y)
        {
            int tick = x!.Feed.TickTime.CompareTo(y!.Feed.TickTime);
            return tick != 0 ? tick : Place(x).CompareTo(Place(y));
        }

        private int Place(TickRows rows) => _place.GetValueOrDefault(rows.Feed.Symbol.Text, int.MaxValue);
    }
}
