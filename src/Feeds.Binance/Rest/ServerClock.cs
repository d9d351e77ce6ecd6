namespace Feeds.Binance.Rest;

/// <summary>One look at the exchange's clock.</summary>
/// <param name="ServerTime">What it showed, epoch ms.</param>
/// <param name="SentTime">Our clock when we asked, epoch ms.</param>
/// <param name="ReceiveTime">Our clock when the answer was read, epoch ms.</param>
public readonly record struct ServerClock(long ServerTime, long SentTime, long ReceiveTime)
{
    /// <summary>The exchange's clock minus ours, ms; off by at most half of <see cref="RoundTripMs"/>.</summary>
    public double OffsetMs => ServerTime - ((SentTime + ReceiveTime) / 2.0);

    /// <summary>How long the answer took, ms.</summary>
    public long RoundTripMs => ReceiveTime - SentTime;
}
