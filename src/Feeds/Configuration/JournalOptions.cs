namespace Feeds.Configuration;

/// <summary>The section <c>journal</c>.</summary>
internal sealed record JournalOptions
{
    /// <summary>The longest that an event waits for the disk, ms, 10…5000.</summary>
    public int FlushMs { get; init; } = 250;

    /// <summary>Minutes between two saves of the states, 1…1440.</summary>
    public int SnapshotMinutes { get; init; } = 5;

    /// <summary>Days that are kept, 1…3650.</summary>
    public int KeepDays { get; init; } = 7;

    /// <summary>GB (10⁹ bytes) that are kept at most, 1…100000.</summary>
    public int KeepGb { get; init; } = 50;

    /// <summary>GB that stay free on the disk, 0…100000.</summary>
    public int MinFreeGb { get; init; } = 5;
}
