namespace Feeds.Simulator.Markets;

/// <summary>The price within one minute, at its 600 slots of 100 ms and at its end.</summary>
/// <param name="Minute">Minutes since the epoch.</param>
/// <param name="Trend">Log price on the straight line through the minute: what the index follows. 601.</param>
/// <param name="Premium">Log of future over index. 601.</param>
/// <param name="Wiggle">What the mid price does beside both, 0 at both ends. 601.</param>
/// <param name="Sigma">Standard deviation of one slot's step.</param>
/// <param name="Burst">How lively the minute is; 1 is usual.</param>
internal sealed record MinutePath(
    long Minute, double[] Trend, double[] Premium, double[] Wiggle, double Sigma, double Burst)
{
    /// <summary>Slots of a minute.</summary>
    public const int Slots = 600;
}
