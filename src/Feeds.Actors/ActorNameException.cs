namespace Feeds.Actors;

/// <summary>A name cannot be given to an actor: it is empty, holds '/' or a control character, or is taken.</summary>
public sealed class ActorNameException : ActorException
{
    /// <summary>Creates it for the path that was wanted and the reason.</summary>
    public ActorNameException(string path, string reason)
        : base(path, $"An actor cannot be named '{path}': {reason}.")
    {
    }
}
