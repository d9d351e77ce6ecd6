using System.Collections.Concurrent;
using Feeds.Actors;

namespace Feeds.Tests.Actors;

/// <summary>What a test sees of an actor over all its instances, and how it makes it act.</summary>
internal sealed class Probe
{
    private int _instances;

    /// <summary>What happened, in order: hooks as "#1 start", messages as they are.</summary>
    public ConcurrentQueue<string> Seen { get; } = new();

    /// <summary>What the actor does with a message, besides noting it.</summary>
    public Func<ProbeActor, string, CancellationToken, ValueTask> OnMessage { get; set; } = static (_, _, _) => default;

    public Func<ProbeActor, CancellationToken, ValueTask> OnStart { get; set; } = static (_, _) => default;

    public Func<ProbeActor, ValueTask> OnStop { get; set; } = static _ => default;

    public int Instances => Volatile.Read(ref _instances);

    public Props<string> Props => new(() => new ProbeActor(this, Interlocked.Increment(ref _instances)));

    public Task SeesAsync(params string[] expected) =>
        Eventually.True(() => Seen.ToArray().AsSpan().SequenceEqual(expected), string.Join(" | ", expected) + " but " +
            string.Join(" | ", Seen));
}

/// <summary>Notes all that happens to it.</summary>
internal sealed class ProbeActor(Probe probe, int instance) : Actor<string>
{
    public ActorContext<string> Surroundings => Context;

    public int Instance => instance;

    protected override ValueTask PreStart(CancellationToken stopping)
    {
        probe.Seen.Enqueue($"#{instance} start");
        return probe.OnStart(this, stopping);
    }

    protected override ValueTask Receive(string message, CancellationToken stopping)
    {
        probe.Seen.Enqueue(message);
        return probe.OnMessage(this, message, stopping);
    }

    protected override ValueTask PreRestart(Exception cause)
    {
        probe.Seen.Enqueue($"#{instance} restart {cause.Message}");
        return default;
    }

    protected override ValueTask PostStop()
    {
        probe.Seen.Enqueue($"#{instance} stop");
        return probe.OnStop(this);
    }

    protected override object? Inspect() => $"#{instance} saw {probe.Seen.Count}";
}
