namespace Feeds.Engine.Streams;

/// <summary>The exchange refused a subscription request.</summary>
public sealed class StreamRefusedException : StreamLostException
{
    /// <summary>Makes the failure of a request.</summary>
    public StreamRefusedException(string name, int code, string text)
        : base(name, "refused", new InvalidOperationException($"request refused with code {code}: {text}"))
    {
    }
}
