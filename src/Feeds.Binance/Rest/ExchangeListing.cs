namespace Feeds.Binance.Rest;

/// <summary>What the exchange lists now.</summary>
/// <param name="ServerTime">The exchange's clock, epoch ms; 0 when not sent.</param>
/// <param name="WeightLimit">Request weight per minute; null when not sent.</param>
/// <param name="Instruments">All listed instruments that could be read.</param>
/// <param name="Rejected">How many could not.</param>
/// <param name="ReceiveTime">When the answer was read, epoch ms by our clock.</param>
public sealed record ExchangeListing(
    long ServerTime, int? WeightLimit, IReadOnlyList<Instrument> Instruments, int Rejected, long ReceiveTime);
