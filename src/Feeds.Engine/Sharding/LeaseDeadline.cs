namespace Feeds.Engine.Sharding;

/// <summary>
/// Until when this node may count on its lease, by its own monotonic clock: a renewal counts from before it was sent,
/// so that the database never ends the lease before we do. Written by the region, read from any thread.
/// </summary>
internal sealed class LeaseDeadline
{
    private readonly TimeProvider _time;
    private readonly long _usable;
    private long _deadline = long.MinValue;

    /// <summary>Makes a deadline that has passed.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="ttl">How long the database keeps the lease after a renewal, above 0.</param>
    /// <param name="margin">
    /// How long before its end nothing is released any more; less than <paramref name="ttl"/>.
    /// </param>
    public LeaseDeadline(TimeProvider time, TimeSpan ttl, TimeSpan margin)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(margin, ttl);
        _time = time;
        _usable = (long)((ttl - margin).TotalSeconds * time.TimestampFrequency);
    }

    /// <summary>True while rows may be released.</summary>
    public bool MayRelease => _time.GetTimestamp() < Volatile.Read(ref _deadline);

    /// <summary>Returns a mark of now: to be taken before a renewal is sent. Marks rise.</summary>
    public long Mark() => _time.GetTimestamp();

    /// <summary>
    /// Counts from a mark: the renewal sent after it was answered. An answer that was overtaken by a later one changes
    /// nothing.
    /// </summary>
    public void Renewed(long mark)
    {
        if (mark + _usable > _deadline)
        {
            Volatile.Write(ref _deadline, mark + _usable);
        }
    }

    /// <summary>Ends the lease now: it was given back, or lost.</summary>
    public void End() => Volatile.Write(ref _deadline, long.MinValue);
}
