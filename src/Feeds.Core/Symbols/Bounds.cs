namespace Feeds.Core.Symbols;

/// <summary>
/// What a price or a quantity may be at all. The limits lie far outside every market and well inside the range in which
/// products and squares stay finite, so no value that was admitted can make a state infinite.
/// </summary>
internal static class Bounds
{
    private const double MaxPrice = 1e15;
    private const double MinPrice = 1e-15;
    private const double MaxQuantity = 1e21;

    // How far the exchange's clock may be ahead of ours before a time is taken for garbage. A wrong clock of ours must
    // not stop the feeds, but a time in the far future would make every later value look old.
    private const long MaxAheadMs = 24 * 3_600_000;

    /// <summary>True for a price above 0; false for NaN, infinities and absurd scales.</summary>
    public static bool IsPrice(double price) => price is >= MinPrice and <= MaxPrice;

    /// <summary>True for a price above 0.</summary>
    public static bool IsPrice(decimal price) => price > 0 && price <= (decimal)MaxPrice;

    /// <summary>True for a quantity of at least 0; false for NaN, infinities and absurd scales.</summary>
    public static bool IsQuantity(double quantity) => quantity is >= 0 and <= MaxQuantity;

    /// <summary>True for a quantity of at least 0.</summary>
    public static bool IsQuantity(decimal quantity) => quantity >= 0 && quantity <= (decimal)MaxQuantity;

    /// <summary>True when both times are after 1970 and the event is not from the far future.</summary>
    public static bool AreTimes(long eventTime, long receiveTime) =>
        eventTime > 0 && receiveTime > 0 && eventTime - receiveTime <= MaxAheadMs;
}
