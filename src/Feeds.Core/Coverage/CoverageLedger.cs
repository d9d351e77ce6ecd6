using Feeds.Core.Market;
using Feeds.Core.Numerics;

namespace Feeds.Core.Coverage;

/// <summary>When each feed of a symbol was observed, as a function of its journaled events alone.</summary>
public sealed class CoverageLedger : ISavedState
{
    private readonly FeedCoverage[] _feeds =
    [
        new(Feed.Depth, 5_000), new(Feed.Trades), new(Feed.Mark, 10_000), new(Feed.Bars), new(Feed.Liquidations),
    ];

    /// <summary>
    /// The windows of reports with their lengths in ms, the shortest first: those of coverage columns, and more.
    /// </summary>
    public static IReadOnlyList<(string Name, long Ms)> Windows { get; } =
    [
        ("1m", 60_000), ("5m", 300_000), ("1h", 3_600_000), ("8h", 8 * 3_600_000), ("24h", 24 * 3_600_000),
        ("7d", 7 * 24 * 3_600_000),
    ];

    /// <summary>The feeds that are kept, in a fixed order.</summary>
    public IReadOnlyList<FeedCoverage> Feeds => _feeds;

    /// <summary>The coverage of a feed; null for one that is not kept (polled records carry their own age).</summary>
    public FeedCoverage? this[Feed feed] => feed switch
    {
        Feed.Depth => Depth,
        Feed.Trades => Trades,
        Feed.Mark => Mark,
        Feed.Bars => Bars,
        Feed.Liquidations => Liquidations,
        _ => null,
    };

    internal FeedCoverage Depth => _feeds[0];

    internal FeedCoverage Trades => _feeds[1];

    internal FeedCoverage Mark => _feeds[2];

    internal FeedCoverage Bars => _feeds[3];

    internal FeedCoverage Liquidations => _feeds[4];

    /// <summary>Takes what an event says of the feeds' connections; other events are passed over.</summary>
    public void Apply(in MarketEvent e)
    {
        switch (e.Kind)
        {
            case EventKind.FeedConnected when e.Feed != Feed.Bars:
                this[e.Feed]?.Connected(e.ReceiveTime);
                break;
            case EventKind.FeedDisconnected when e.Feed != Feed.Bars:
                this[e.Feed]?.Disconnected(e.ReceiveTime, e.Reason);
                break;
            case EventKind.Gap when e.Gap.Feed != Feed.Bars:
                this[e.Gap.Feed]?.AddHole(
                    new CoverageHole(e.Gap.FromTime, e.Gap.ToTime, e.Gap.Reason, IsFilled: false));
                break;
            case EventKind.Recovered:
                foreach (FeedCoverage feed in _feeds)
                {
                    // A missing bar shows as a missing bar; the bars of the time away are fetched. Of the others
                    // nothing comes before their connection is back.
                    if (feed.Feed != Feed.Bars)
                    {
                        feed.Disconnected(e.LastReceiveTime, "restarted");
                    }
                }

                break;
            default:
                break;
        }
    }

    /// <summary>
    /// Returns the ledger's lines of the whole minutes in <c>[fromTime, toTime)</c>, by feed, then time.
    /// </summary>
    public IEnumerable<MinuteCoverage> Minutes(long fromTime, long toTime) =>
        _feeds.SelectMany(feed => feed.Minutes(fromTime, toTime));

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        foreach (FeedCoverage feed in _feeds)
        {
            feed.Save(writer);
        }
    }

    /// <inheritdoc/>
    public void Load(ref StateReader reader)
    {
        foreach (FeedCoverage feed in _feeds)
        {
            feed.Load(ref reader);
        }
    }
}
