namespace Feeds.Actors;

/// <summary>An actor did not answer in time.</summary>
public sealed class AskTimeoutException : ActorException
{
    /// <summary>Creates it for an actor and the time it was given.</summary>
    public AskTimeoutException(string path, TimeSpan timeout)
        : base(
            path, FormattableString.Invariant($"{path} did not answer within {timeout.TotalMilliseconds:0.###} ms.")) =>
        Timeout = timeout;

    /// <summary>How long the asker waited.</summary>
    public TimeSpan Timeout { get; }
}
