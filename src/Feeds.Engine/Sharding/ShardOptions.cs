namespace Feeds.Engine.Sharding;

/// <summary>How a node shares symbols with others.</summary>
internal sealed record ShardOptions
{
    /// <summary>How long the referee keeps a lease after a renewal, above zero.</summary>
    public TimeSpan LeaseTtl { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Distance of renewals.</summary>
    public TimeSpan RenewalPeriod => LeaseTtl / 3;

    /// <summary>The longest that a renewal may take before it is tried again.</summary>
    public TimeSpan RenewalTimeout => LeaseTtl / 2;

    /// <summary>How soon a failed renewal is tried again.</summary>
    public TimeSpan RetryDelay => LeaseTtl / 20;

    /// <summary>How long before the lease's end rows are held back.</summary>
    public TimeSpan Margin => LeaseTtl / 10;
}
