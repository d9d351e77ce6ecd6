namespace Feeds.Core.Windows;

/// <summary>Liquidations over a window; lower bounds, as the exchange publishes a sample.</summary>
/// <param name="LongUsd">USD of long positions that were closed.</param>
/// <param name="ShortUsd">USD of short positions that were closed.</param>
/// <param name="Count">Orders.</param>
/// <param name="Seconds">Seconds that had an order, each of which may hide more.</param>
public readonly record struct LiquidationTotals(double LongUsd, double ShortUsd, int Count, int Seconds)
{
    /// <summary>Both sides, USD.</summary>
    public double Usd => LongUsd + ShortUsd;

    /// <summary>Short − long, USD.</summary>
    public double NetUsd => ShortUsd - LongUsd;
}
