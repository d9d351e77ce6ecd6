namespace Feeds.Binance.Rest;

/// <summary>The rows of an answer.</summary>
/// <typeparam name="T">What a row states.</typeparam>
/// <param name="Rows">The rows that could be read, in the exchange's order.</param>
/// <param name="Rejected">How many could not.</param>
/// <param name="ReceiveTime">When the answer was read, epoch ms by our clock.</param>
public sealed record Answer<T>(IReadOnlyList<T> Rows, int Rejected, long ReceiveTime);
