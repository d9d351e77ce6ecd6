namespace Feeds.Actors.Tree;

/// <summary>A failure of an actor, as shown to people.</summary>
/// <param name="Type">The type name of the exception.</param>
/// <param name="Message">What the exception said.</param>
/// <param name="Time">When, on the system's time provider.</param>
public sealed record ActorFailure(string Type, string Message, DateTimeOffset Time);
