using Feeds.Binance.Limits;
using Feeds.Binance.Streams;

namespace Feeds.Engine.Streams;

/// <summary>
/// Opens connections within the one budget that the exchange has for all connections of an address. A ban or a block
/// holds requests and handshakes alike, whichever found out; too many requests alone do not keep a stream from being
/// opened.
/// </summary>
internal sealed class StreamOpener(StreamConnectionOptions options, WeightPlanner planner, TimeProvider time)
{
    private static readonly TimeSpan BlockedFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan BannedFor = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan CrowdedFor = TimeSpan.FromMinutes(1);

    private readonly SlidingBudget _budget = SlidingBudget.ForConnections(time);
    private long _crowdedUntil;
    private int _underWay;

    /// <summary>True when a firewall or geo block refuses us.</summary>
    public bool IsBlocked => planner.HoldReason == HoldReason.Blocked;

    /// <summary>True when the node stops: connections that end then are not lost.</summary>
    public bool IsClosing { get; set; }

    /// <summary>Connections that are being made or asked for their streams now.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Counts what <paramref name="step"/> does as under way.</summary>
    public async Task<T> CountAsync<T>(Func<Task<T>> step)
    {
        Interlocked.Increment(ref _underWay);
        try
        {
            return await step();
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    public async Task<StreamConnection> OpenAsync(StreamEndpoint endpoint, CancellationToken cancellationToken)
    {
        for (long wait; (wait = WaitMs()) > 0;)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(wait), time, cancellationToken);
        }

        await _budget.TakeAsync(cancellationToken);
        try
        {
            return await CountAsync(() => StreamConnection.ConnectAsync(endpoint, options, time, cancellationToken));
        }
        catch (StreamException failure) when (failure.Failure is StreamFailure.Blocked or StreamFailure.RateLimited)
        {
            Hold(failure);
            throw;
        }
    }

    private long WaitMs()
    {
        long until = planner.HoldReason is HoldReason.Blocked or HoldReason.Banned ? planner.HoldEndTime : 0;
        return Math.Min(Math.Max(until, Volatile.Read(ref _crowdedUntil)) - Now(), int.MaxValue);
    }

    private void Hold(StreamException failure)
    {
        long now = Now();
        if (failure.Failure == StreamFailure.Blocked)
        {
            planner.Hold(HoldReason.Blocked, now + (long)BlockedFor.TotalMilliseconds);
        }
        else if (failure.HttpStatus == 418)
        {
            planner.Hold(HoldReason.Banned, now + (long)(failure.RetryAfter ?? BannedFor).TotalMilliseconds);
        }
        else
        {
            Volatile.Write(ref _crowdedUntil, now + (long)(failure.RetryAfter ?? CrowdedFor).TotalMilliseconds);
        }
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
