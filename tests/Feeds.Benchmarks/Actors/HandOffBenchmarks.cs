using System.Runtime.InteropServices;
using System.Threading.Channels;
using BenchmarkDotNet.Attributes;
using Feeds.Actors;
using Feeds.Actors.Mailboxes;

namespace Feeds.Benchmarks.Actors;

/// <summary>
/// Nanoseconds per message from a sender to one of 600 consumers, uniformly drawn, until all have been worked off; the
/// message has 72 bytes (an event of 64 and its class), the work is one addition. The baseline is a plain bounded
/// channel.
/// </summary>
[MemoryDiagnoser]
public class HandOffBenchmarks : IAsyncDisposable
{
    private const int Actors = 600;
    private const int Messages = 600_000;
    private const int Capacity = 1024;

    private readonly int[] _targets = new int[Messages];
    private readonly Counter _counter = new();
    private readonly Channel<Message>[] _channels = new Channel<Message>[Actors];
    private readonly ActorRef<Message>[] _actors = new ActorRef<Message>[Actors];
    private ActorSystem? _system;

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        for (var i = 0; i < Messages; i++) _targets[i] = random.Next(Actors);
        _system = new ActorSystem("benchmark", TimeProvider.System);
        for (var i = 0; i < Actors; i++)
        {
            _channels[i] = Channel.CreateBounded<Message>(new BoundedChannelOptions(Capacity) { SingleReader = true });
            _ = ReadAsync(_channels[i].Reader);
            _actors[i] = _system.ActorOf(
                new Props<Message>(() => new Adding(_counter))
                {
                    Mailbox = new MailboxOptions<Message>
                    {
                        DataCapacity = Capacity,
                        Classify = static message => message.Class,
                    },
                },
                $"a{i}");
        }
    }

    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var channel in _channels) channel?.Writer.TryComplete();
        if (_system is not null) await _system.DisposeAsync();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Messages)]
    public Task PlainChannel()
    {
        var done = _counter.Begin(Messages);
        return SendAsync();

        async Task SendAsync()
        {
            foreach (var target in _targets)
            {
                var message = new Message { Value = target };
                if (!_channels[target].Writer.TryWrite(message)) await _channels[target].Writer.WriteAsync(message);
            }
            await done;
        }
    }

    [Benchmark(OperationsPerInvoke = Messages)]
    public Task Data() => TellAsync(static _ => MessageClass.Data);

    [Benchmark(OperationsPerInvoke = Messages)]
    public Task TicksAmongData() => TellAsync(static i => i % 100 == 0 ? MessageClass.Barrier : MessageClass.Data);

    [Benchmark(OperationsPerInvoke = Messages)]
    public Task Commands() => TellAsync(static _ => MessageClass.Command);

    private async Task TellAsync(Func<int, MessageClass> classOf)
    {
        var done = _counter.Begin(Messages);
        for (var i = 0; i < Messages; i++)
            await _actors[_targets[i]].TellAsync(new Message { Value = i, Class = classOf(i) });
        await done;
    }

    private async Task ReadAsync(ChannelReader<Message> reader)
    {
        while (await reader.WaitToReadAsync())
            while (reader.TryRead(out var message)) _counter.Add(message.Value);
    }

    [StructLayout(LayoutKind.Sequential, Size = 72)]
    private struct Message
    {
        public MessageClass Class { get; init; }

        public long Value { get; init; }
    }

    /// <summary>Counts messages off; two interlocked operations are part of every figure, the baseline's too.</summary>
    private sealed class Counter
    {
        private TaskCompletionSource _done = new();
        private long _left;
        private long _sum;

        public Task Begin(int messages)
        {
            _done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _left, messages);
            return _done.Task;
        }

        public void Add(long value)
        {
            Interlocked.Add(ref _sum, value);
            if (Interlocked.Decrement(ref _left) == 0) _done.SetResult();
        }
    }

    private sealed class Adding(Counter counter) : Actor<Message>
    {
        protected override ValueTask Receive(Message message, CancellationToken stopping)
        {
            counter.Add(message.Value);
            return default;
        }
    }
}
