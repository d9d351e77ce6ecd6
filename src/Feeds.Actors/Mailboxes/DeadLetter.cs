namespace Feeds.Actors.Mailboxes;

/// <summary>A message that was not delivered. The message itself is not kept: its buffers have returned.</summary>
/// <param name="Path">The actor it was meant for.</param>
/// <param name="MessageType">The type name of the message.</param>
/// <param name="Reason">Why it was not delivered.</param>
/// <param name="Time">When, on the system's time provider.</param>
public readonly record struct DeadLetter(string Path, string MessageType, DeadLetterReason Reason, DateTimeOffset Time);
