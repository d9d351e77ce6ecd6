using Feeds.Binance.Rest;

namespace Feeds.Engine.WarmUp;

/// <summary>Bars to fetch.</summary>
/// <param name="Period">Their length.</param>
/// <param name="FromTime">Open time of the first, epoch ms.</param>
/// <param name="ToTime">End of the last, epoch ms.</param>
internal readonly record struct WarmUpStretch(Period Period, long FromTime, long ToTime)
{
    /// <summary>How many requests they take.</summary>
    public int Requests => AlignedWindows.Of(FromTime, ToTime, Period.LengthMs, BinanceRestClient.BarsPerPage).Count();
}
