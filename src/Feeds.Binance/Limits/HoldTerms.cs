namespace Feeds.Binance.Limits;

/// <summary>
/// For how long the end of a request makes all requests wait. Remembers how many bans came in a row; used under the
/// planner's lock.
/// </summary>
internal sealed class HoldTerms(TimeSpan blockedRetry)
{
    // A told end that has passed says that clocks differ, not that all is well. A refusal every five seconds is few
    // enough not to be taken for carrying on, and often enough to notice that the minute turned.
    private const long LeastMs = 5_000;

    // The exchange's shortest ban.
    private const long FirstBanMs = 120_000;

    private int _bansInRow;

    /// <summary>True when the exchange lets us in: whatever it thinks of the request, it was answered.</summary>
    public static bool IsAnswered(RequestOutcome outcome) =>
        outcome.Status is >= 200 and < 500 and not (403 or 408 or 418 or 429 or 451);

    /// <summary>
    /// Takes in how a request ended; returns the hold that follows with its end (epoch ms by our clock), or none.
    /// </summary>
    public (HoldReason Reason, long EndTime) Of(RequestOutcome outcome, long now)
    {
        _bansInRow = outcome.Status == 418 ? _bansInRow + 1 : IsAnswered(outcome) ? 0 : _bansInRow;
        long told = Math.Max(outcome.RetryAfterTime, outcome.BannedUntilTime);
        switch (outcome.Status)
        {
            case 418:
                long ban = FirstBanMs << Math.Min(_bansInRow - 1, 5);
                return (HoldReason.Banned, told > now ? told : now + ban);
            case 429:
                // Without a word about how long: the budget is whole again after the turn of the minute.
                long turn = ((now / 60_000) + 1) * 60_000;
                long untold = Math.Max(turn + 1_000, now + 10_000);
                return (HoldReason.RateLimited, told == 0 ? untold : Math.Max(told, now + LeastMs));
            case 403 or 451:
                return (HoldReason.Blocked, now + (long)blockedRetry.TotalMilliseconds);
            default:
                return outcome.BannedUntilTime == 0 ? default
                    : (HoldReason.Banned, outcome.BannedUntilTime > now ? outcome.BannedUntilTime : now + FirstBanMs);
        }
    }
}
