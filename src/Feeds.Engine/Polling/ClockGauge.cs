namespace Feeds.Engine.Polling;

/// <summary>The newest measured offset between the exchange's clock and ours; readable from any thread.</summary>
public sealed class ClockGauge
{
    private double _offsetMs = double.NaN;

    /// <summary>The exchange's clock minus ours, ms; NaN before it was measured.</summary>
    public double OffsetMs
    {
        get => Volatile.Read(ref _offsetMs);
        set => Volatile.Write(ref _offsetMs, value);
    }
}
