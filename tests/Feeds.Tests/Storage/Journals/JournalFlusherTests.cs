using Feeds.Core.Market;
using Feeds.Storage;
using Feeds.Storage.Journals;
using Feeds.Tests.Storage.Files;
using Feeds.Tests.Time;
using Xunit;

namespace Feeds.Tests.Storage.Journals;

public sealed class JournalFlusherTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly ManualTimeProvider _clock = new();
    private readonly CrashFileSystem _files = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly JournalWriter _writer;
    private readonly SymbolJournal _a;
    private readonly SymbolJournal _b;
    private readonly JournalFlusher _flusher;
    private readonly Task _run;
    private readonly List<StorageException> _unavailable = [];

    public JournalFlusherTests()
    {
        _writer = JournalWriter.Open(new JournalOptions { Folder = "/journal" }, _clock, _files, NoStorageEvents.Instance);
        _a = _writer.For(Symbol.Parse("A"), 0);
        _b = _writer.For(Symbol.Parse("B"), 0);
        _flusher = new JournalFlusher(_writer, _clock, new FlushOptions(), _unavailable.Add);
        _run = _flusher.RunAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAny(_run);
        _writer.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task An_event_is_durable_at_the_interval_and_not_before()
    {
        long position = _a.Append(1, MarketEvent.ForTick(30_000, 30_000));
        Task<long> durable = _flusher.WhenDurableAsync(position, default).AsTask();
        _clock.Advance(TimeSpan.FromMilliseconds(249));
        Assert.False(durable.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(position, await durable.WaitAsync(Deadline));
        Assert.Equal(position, await _flusher.WhenDurableAsync(position, default));
    }

    [Fact]
    public async Task A_tick_is_flushed_once_when_the_last_symbol_is_encoded()
    {
        _flusher.ExpectTick(30_000, 2);
        long first = _a.Append(1, MarketEvent.ForTick(30_000, 30_000));
        _flusher.TickEncoded(30_000);
        Task<long> durable = _flusher.WhenDurableAsync(first, default).AsTask();
        Assert.False(durable.IsCompleted);
        long second = _b.Append(1, MarketEvent.ForTick(30_000, 30_000));
        _flusher.TickEncoded(30_000);
        Assert.Equal(second, await durable.WaitAsync(Deadline));
    }

    [Fact]
    public async Task A_tick_waits_at_most_20_ms_for_a_symbol_that_lags()
    {
        _flusher.ExpectTick(30_000, 2);
        long first = _a.Append(1, MarketEvent.ForTick(30_000, 30_000));
        _flusher.TickEncoded(30_000);
        Task<long> durable = _flusher.WhenDurableAsync(first, default).AsTask();
        _clock.Advance(TimeSpan.FromMilliseconds(19));
        Assert.False(durable.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(first, await durable.WaitAsync(Deadline));
    }

    [Fact]
    public async Task A_full_disk_is_told_and_tried_again()
    {
        _files.Room = 10;
        long position = _a.Append(1, MarketEvent.ForTick(30_000, 30_000));
        Task<long> durable = _flusher.WhenDurableAsync(position, default).AsTask();
        _clock.Advance(TimeSpan.FromMilliseconds(250));
        await Until(() => _unavailable.Count == 1);
        Assert.False(durable.IsCompleted);
        _files.Room = long.MaxValue;
        _clock.Advance(TimeSpan.FromMilliseconds(250));
        Assert.Equal(position, await durable.WaitAsync(Deadline));
    }

    [Fact]
    public async Task A_disk_that_does_not_confirm_ends_it_for_all_who_wait()
    {
        long position = _a.Append(1, MarketEvent.ForTick(30_000, 30_000));
        Task<long> durable = _flusher.WhenDurableAsync(position, default).AsTask();
        _files.Fault = static (operation, _) => operation == "flush" ? new IOException("Input/output error") : null;
        _clock.Advance(TimeSpan.FromMilliseconds(250));
        await Assert.ThrowsAsync<StorageSuspectException>(async () => await durable.WaitAsync(Deadline));
        await Assert.ThrowsAsync<StorageSuspectException>(async () => await _run.WaitAsync(Deadline));
        await Assert.ThrowsAsync<StorageSuspectException>(async () => await _flusher.WhenDurableAsync(position, default));
    }

    [Fact]
    public async Task Its_end_flushes_what_was_appended()
    {
        long position = _a.Append(1, MarketEvent.ForTick(30_000, 30_000));
        Task<long> durable = _flusher.WhenDurableAsync(position, default).AsTask();
        await _stop.CancelAsync();
        await _run.WaitAsync(Deadline);
        Assert.Equal(position, await durable.WaitAsync(Deadline));
    }

    private static async Task Until(Func<bool> condition)
    {
        using CancellationTokenSource limit = new(Deadline);
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
