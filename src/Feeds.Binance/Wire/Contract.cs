using Feeds.Core.Market;

namespace Feeds.Binance.Wire;

/// <summary>A contract as the stream of contracts tells of it.</summary>
/// <param name="Symbol">Which contract.</param>
/// <param name="ContractType">
/// Open set: <c>PERPETUAL</c>, <c>CURRENT_QUARTER</c>, <c>TRADIFI_PERPETUAL</c>, …; empty when not sent.
/// </param>
/// <param name="Status">Open set: <c>PENDING_TRADING</c>, <c>TRADING</c>, <c>SETTLING</c>, …; never empty.</param>
/// <param name="OnboardTime">When it was or will be listed, epoch ms; 0 when not sent.</param>
/// <param name="DeliveryTime">When it settles, epoch ms, far ahead for perpetuals; 0 when not sent.</param>
/// <param name="EventTime">When the exchange said so, epoch ms.</param>
/// <param name="ReceiveTime">Our clock, epoch ms.</param>
public sealed record Contract(
    Symbol Symbol,
    string ContractType,
    string Status,
    long OnboardTime,
    long DeliveryTime,
    long EventTime,
    long ReceiveTime);
