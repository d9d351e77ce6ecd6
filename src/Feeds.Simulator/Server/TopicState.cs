using Feeds.Simulator.Markets;

namespace Feeds.Simulator.Server;

/// <summary>Where a publisher stands with one stream.</summary>
internal sealed class TopicState(StreamTopic topic)
{
    private readonly List<BookLevel> _bids = [];
    private readonly List<BookLevel> _asks = [];

    public StreamTopic Topic => topic;

    /// <summary>Bar length of a kline stream.</summary>
    public KlineInterval Interval { get; } = topic.Parts.Kind == StreamKind.Kline
        ? KlineInterval.Parse(KlineInterval.NameOf(topic.Parts.IntervalMs))!.Value
        : default;

    /// <summary>The bar that is forming; null before the first step.</summary>
    public MarketBar? Bar { get; set; }

    /// <summary>True when the bar changed since its last push.</summary>
    public bool HasChanged { get; set; }

    /// <summary>Time of the last push of the bar, epoch ms.</summary>
    public long LastPush { get; set; }

    /// <summary>Chain of a diff stream; null before the first step.</summary>
    public DeltaChain? Chain { get; set; }

    /// <summary>Update id of the book that was looked at last.</summary>
    public long BookId { get; set; }

    /// <summary>Update id of the partial book that was pushed last; 0 before the first.</summary>
    public long LastUpdateId { get; set; }

    /// <summary>True when the levels are those of the call before; takes note of them.</summary>
    public bool IsSame(ReadOnlySpan<BookLevel> bids, ReadOnlySpan<BookLevel> asks)
    {
        if (Same(_bids, bids) && Same(_asks, asks))
        {
            return true;
        }

        _bids.Clear();
        _bids.AddRange(bids);
        _asks.Clear();
        _asks.AddRange(asks);
        return false;
    }

    private static bool Same(List<BookLevel> known, ReadOnlySpan<BookLevel> levels) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(known).SequenceEqual(levels);
}
