namespace Feeds.Binance.Rest;

/// <summary>A record with the exchange's own stamp.</summary>
/// <typeparam name="T">What it states.</typeparam>
/// <param name="Time">
/// The exchange's stamp, epoch ms. Of statistics it is not documented whether it is a period's start or end.
/// </param>
/// <param name="Value">The record.</param>
public readonly record struct Stamped<T>(long Time, T Value);
