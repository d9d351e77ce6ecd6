using Feeds.Actors.Mailboxes;

namespace Feeds.Engine.Streams;

/// <summary>What the actor of one connection takes.</summary>
internal abstract record StreamMessage
{
    /// <summary>Returns how the message travels.</summary>
    public static MessageClass Classify(StreamMessage message) => message is Changed
        ? MessageClass.Conflate : MessageClass.Data;

    /// <summary>A connection is open and its streams were asked for.</summary>
    internal sealed record Opened(StreamLink Link) : StreamMessage;

    /// <summary>A connection ended.</summary>
    internal sealed record Lost(StreamLink Link, Exception Failure) : StreamMessage;

    /// <summary>Look at the streams, and at the connection's age.</summary>
    internal sealed record Check : StreamMessage;

    /// <summary>Look whether the replacement has caught up.</summary>
    internal sealed record Compare : StreamMessage;

    /// <summary>Muted streams were given up and asked for again, and both was answered.</summary>
    internal sealed record AskedAgain(StreamLink Link, IReadOnlyList<StreamWatch> Streams) : StreamMessage;

    /// <summary>Replace the connection without a break.</summary>
    internal sealed record RollOver : StreamMessage;

    /// <summary>Streams came to the group, or left it: look which. A newer one replaces the one that waits.</summary>
    internal sealed record Changed : StreamMessage;

    /// <summary>Requests about streams were answered, or not.</summary>
    internal sealed record Settled(StreamLink Link, Exception? Failure) : StreamMessage;
}
