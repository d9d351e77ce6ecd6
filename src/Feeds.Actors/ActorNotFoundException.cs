namespace Feeds.Actors;

/// <summary>No actor lives at a path.</summary>
public sealed class ActorNotFoundException : ActorException
{
    /// <summary>Creates it for the path.</summary>
    public ActorNotFoundException(string path)
        : base(path, $"No actor lives at '{path}'.")
    {
    }
}
