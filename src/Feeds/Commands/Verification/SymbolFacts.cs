using Feeds.Core.Market;

namespace Feeds.Commands.Verification;

/// <summary>What the journal says of one symbol.</summary>
internal sealed class SymbolFacts
{
    /// <summary>The feeds that a venue's ledger can be held against, in the order of answers.</summary>
    public static readonly IReadOnlyList<Feed> StreamFeeds =
        [Feed.Trades, Feed.Depth, Feed.Quotes, Feed.Mark, Feed.Bars, Feed.Liquidations];

    private readonly Dictionary<Feed, FeedFacts> _feeds = StreamFeeds.ToDictionary(
        static feed => feed, static _ => new FeedFacts());

    /// <summary>Receive time of the last event, epoch ms, the node's clock.</summary>
    public long LastReceiveTime { get; private set; }

    /// <summary>The exchange's clock minus the node's as last measured, ms.</summary>
    public double ClockOffsetMs { get; private set; }

    /// <summary>Duplicates and late books that the node received and dropped.</summary>
    public long Duplicates { get; private set; }

    public FeedFacts this[Feed feed] => _feeds[feed];

    public void Add(in MarketEvent e)
    {
        LastReceiveTime = Math.Max(LastReceiveTime, e.ReceiveTime);
        Duplicates += e.Duplicates;
        switch (e.Kind)
        {
            case EventKind.Trade:
                Add(Feed.Trades, e.TradeId, e);
                break;
            case EventKind.Book:
                Add(Feed.Depth, e.LastUpdateId, e);
                break;
            case EventKind.Quote:
                Add(Feed.Quotes, e.LastUpdateId, e);
                break;
            case EventKind.Mark:
                Add(Feed.Mark, e.EventTime, e);
                break;
            case EventKind.Bar when e.Bar.IntervalMs == Bar.Minute:
                Add(Feed.Bars, e.Bar.OpenTime, e);
                break;
            case EventKind.Liquidation:
                Add(Feed.Liquidations, e.EventTime, e);
                break;
            case EventKind.ClockOffset:
                ClockOffsetMs = e.ClockOffsetMs;
                break;
            case EventKind.FeedConnected when _feeds.TryGetValue(e.Feed, out FeedFacts? connected):
                connected.Connected(e.ReceiveTime);
                break;
            case EventKind.FeedDisconnected when _feeds.TryGetValue(e.Feed, out FeedFacts? disconnected):
                disconnected.Disconnected();
                break;
            case EventKind.Gap when e.Gap.Reason != Gap.Fetched
                && _feeds.TryGetValue(e.Gap.Feed, out FeedFacts? gapped):
                gapped.Add(e.Gap);
                break;
            case EventKind.Recovered:
                foreach (FeedFacts feed in _feeds.Values.Where(static feed => feed.WasConnected))
                {
                    feed.Disconnected();
                }

                break;
            default:
                break;
        }
    }

    private void Add(Feed feed, long key, in MarketEvent e) =>
        _feeds[feed].Add(new JournaledEvent(key, e.ReceiveTime, e.Conflated, e.IsFromStream));
}
