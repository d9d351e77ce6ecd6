namespace Feeds.Binance.Rest;

/// <summary>When a request was sent and its answer read, epoch ms by our clock.</summary>
internal readonly record struct AnswerTimes(long SentTime, long ReceiveTime);
