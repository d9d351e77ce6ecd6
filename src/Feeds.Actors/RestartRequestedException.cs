namespace Feeds.Actors;

/// <summary>The cause of a restart that nobody's failure but an operator's wish brought about.</summary>
public sealed class RestartRequestedException : ActorException
{
    /// <summary>Creates it for the restarted actor.</summary>
    public RestartRequestedException(string path)
        : base(path, $"{path} was asked to restart.")
    {
    }
}
