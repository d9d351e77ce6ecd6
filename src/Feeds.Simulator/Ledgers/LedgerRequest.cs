namespace Feeds.Simulator.Ledgers;

/// <summary>One REST request as the venue saw it.</summary>
/// <param name="Time">When it came, by the clock that drives the venue, epoch ms.</param>
/// <param name="AnswerTime">
/// When it was decided what to answer: later than <paramref name="Time"/> when a fault made the answer slow.
/// </param>
/// <param name="Path">What was asked for, without the query.</param>
/// <param name="Status">The HTTP status of the answer.</param>
/// <param name="RetryAfterSeconds">What the answer said in <c>Retry-After</c>; 0 when it did not.</param>
/// <param name="IsOverLimit">True when a pool of the venue was used up: the client's own doing, no fault.</param>
public readonly record struct LedgerRequest(
    long Time, long AnswerTime, string Path, int Status, int RetryAfterSeconds, bool IsOverLimit);
