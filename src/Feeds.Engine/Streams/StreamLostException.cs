using Feeds.Core;

namespace Feeds.Engine.Streams;

/// <summary>A stream connection ended, or is as good as dead. Supervision opens it again.</summary>
public class StreamLostException : FeedsException
{
    /// <summary>Makes the failure of a connection.</summary>
    public StreamLostException(string name, string reason)
        : base($"stream {name} lost: {reason}") => Reason = reason;

    /// <summary>Makes the failure of a connection with its cause.</summary>
    public StreamLostException(string name, string reason, Exception inner)
        : base($"stream {name} lost: {inner.Message}", inner) => Reason = reason;

    /// <summary>One word for the rows: <c>closed</c>, <c>silent</c>, <c>refused</c>, …</summary>
    public string Reason { get; }
}
