namespace Feeds.Actors.Supervision;

/// <summary>One for one: what follows a failure of an actor, for that actor alone.</summary>
public sealed record SupervisorStrategy
{
    /// <summary>Restart on any failure, with the default backoff, without a limit.</summary>
    public static SupervisorStrategy Default { get; } = new();

    /// <summary>
    /// Decides by the exception; restarts on any by default. When it throws itself, the actor is restarted.
    /// </summary>
    public Func<Exception, Directive> Decider { get; init; } = static _ => Directive.Restart;

    /// <summary>The delays before restarts.</summary>
    public Backoff Backoff { get; init; } = Backoff.Default;

    /// <summary>After this long without a failure the backoff begins again at its least delay; above zero.</summary>
    public TimeSpan HealthyAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Most restarts within <see cref="Window"/>; null for no limit.</summary>
    public int? MaxRestarts { get; init; }

    /// <summary>
    /// The stretch of time in which restarts are counted. Must be longer than the delays of that many restarts
    /// together,
    /// or the limit is never reached.
    /// </summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>What follows when the restarts are used up.</summary>
    public Exhaustion WhenExhausted { get; init; } = Exhaustion.Park;

    internal void Validate()
    {
        Backoff.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(HealthyAfter, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Window, TimeSpan.Zero);
        if (MaxRestarts is { } limit) ArgumentOutOfRangeException.ThrowIfNegative(limit);
    }
}
