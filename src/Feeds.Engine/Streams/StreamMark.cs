using Feeds.Binance.Streams;

namespace Feeds.Engine.Streams;

/// <summary>How far the streams of a connection had come at a moment, by the exchange's clock.</summary>
/// <param name="CertainTime">
/// Nothing before it is missing unsaid, of any of them, epoch ms; 0 when none ever came.
/// </param>
/// <param name="Times">The same for each stream by its own events; 0 when none came.</param>
internal sealed record StreamMark(long CertainTime, IReadOnlyDictionary<StreamName, long> Times)
{
    /// <summary>Nothing was heard yet.</summary>
    public static StreamMark None { get; } = new(0, new Dictionary<StreamName, long>());
}
