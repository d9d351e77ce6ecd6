using Feeds.Binance.Streams;

namespace Feeds.Engine.Streams;

/// <summary>What the actor of one connection takes.</summary>
internal abstract record StreamMessage
{
    /// <summary>The connection is open and its streams were asked for.</summary>
    internal sealed record Opened : StreamMessage;

    /// <summary>The connection ended.</summary>
    internal sealed record Lost(Exception Failure) : StreamMessage;

    /// <summary>Look whether frames still come.</summary>
    internal sealed record Check : StreamMessage;

    /// <summary>Streams came to the group, or left it.</summary>
    internal sealed record Changed(IReadOnlyList<StreamName> Added, IReadOnlyList<StreamName> Removed) : StreamMessage;
}
