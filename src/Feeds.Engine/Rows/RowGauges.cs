using System.Collections.Immutable;

namespace Feeds.Engine.Rows;

/// <summary>What others may read of the sinks while they work.</summary>
public sealed class RowGauges
{
    private long _rows;
    private long _lastTickTime;
    private ImmutableDictionary<string, string> _sinkFailures = ImmutableDictionary<string, string>.Empty.WithComparers(
        StringComparer.Ordinal);

    /// <summary>Rows that every sink took since the start.</summary>
    public long Rows => Volatile.Read(ref _rows);

    /// <summary>The newest tick with a written row, epoch ms; 0 before the first.</summary>
    public long LastTickTime => Volatile.Read(ref _lastTickTime);

    /// <summary>Why the newest write of a sink failed, by the sink's name; none for sinks that take rows.</summary>
    public IReadOnlyDictionary<string, string> SinkFailures => Volatile.Read(ref _sinkFailures);

    /// <summary>From each tick to each row of it as it came from its symbol's actor.</summary>
    public DelayHistogram TickToComputed { get; } = new();

    /// <summary>From each tick to each row of it as every sink had taken it, its events durable.</summary>
    public DelayHistogram TickToReleased { get; } = new();

    internal void Took(string sink) => Volatile.Write(ref _sinkFailures, _sinkFailures.Remove(sink));

    internal void Failed(string sink, string why) =>
        Volatile.Write(ref _sinkFailures, _sinkFailures.SetItem(sink, why));

    internal void Written(int rows, long tickTime)
    {
        Volatile.Write(ref _rows, _rows + rows);
        Volatile.Write(ref _lastTickTime, tickTime);
    }
}
