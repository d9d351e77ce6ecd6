namespace Feeds.Actors;

/// <summary>The base of what the actor layer throws; carries the path of the actor it is about.</summary>
public abstract class ActorException : Exception
{
    /// <summary>Creates it for an actor.</summary>
    protected ActorException(string path, string message)
        : base(message) => Path = path;

    /// <summary>The path of the actor.</summary>
    public string Path { get; }
}
