namespace Feeds.Storage.Journals;

/// <summary>When a journal is flushed.</summary>
public sealed record FlushOptions
{
    /// <summary>The longest that an event waits: the most that a power cut can take.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>After the first symbol's tick, the longest that the flush waits for the others'.</summary>
    public TimeSpan TickWait { get; init; } = TimeSpan.FromMilliseconds(20);
}
