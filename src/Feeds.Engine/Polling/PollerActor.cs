using Feeds.Actors;
using Feeds.Binance.Limits;
using Feeds.Binance.Rest;
using Feeds.Core.Market;
using Feeds.Engine.Symbols;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine.Polling;

/// <summary>
/// Polls one source, now and then again. A request that fails is an expected outcome: it is counted, logged, and told
/// to the symbols it concerns; anything else that goes wrong is left to supervision.
/// </summary>
/// <param name="feed">What it polls.</param>
/// <param name="source">The REST side.</param>
/// <param name="symbols">For whom.</param>
/// <param name="logger">Where failures are told.</param>
/// <param name="ownsFeed">False when a stream brings the feed and this poller only fills what that missed.</param>
internal abstract class PollerActor(
    Feed feed, RestSource source, SymbolSet symbols, ILogger logger, bool ownsFeed = true)
    : Actor<PollerActor.Poll>
{
    private long _polls;
    private long _failures;
    private long _failuresBefore;
    private string? _lastFailure;
    private long _lastPollTime;
    private long _nextPollTime;

    protected SymbolSet Symbols { get; } = symbols;

    protected BinanceRestClient Rest => source.Client;

    protected WeightPlanner Planner => source.Planner;

    protected override ValueTask PreStart(CancellationToken stopping)
    {
        Schedule(TimeSpan.FromMilliseconds(1));
        return default;
    }

    protected override async ValueTask Receive(Poll message, CancellationToken stopping)
    {
        _polls++;
        _failuresBefore = Volatile.Read(ref _failures);
        _lastPollTime = Now();
        Schedule(await PollAsync(stopping));
    }

    protected override object Inspect() => new PollerInspection(
        feed.Name(),
        _polls,
        _failures,
        _lastFailure,
        _polls == 0 ? "none" : _failures == _failuresBefore ? "answered" : "failed",
        _lastPollTime,
        _nextPollTime,
        _nextPollTime - Now(),
        source.Budget());

    /// <summary>Asks the source once; returns how long to wait before the next time.</summary>
    protected abstract ValueTask<TimeSpan> PollAsync(CancellationToken cancellationToken);

    /// <summary>Runs one request about some symbols. True when it was answered; else they were told why not.</summary>
    protected async ValueTask<bool> TryAsync(
        Func<ValueTask> request, IEnumerable<SymbolEntry> concerned, CancellationToken cancellationToken)
    {
        if (source.HoldReason is { } held)
        {
            // It would only wait for the end of the hold, and be of no use to the ticks till then.
            await FailAsync(held, "all requests are held back", concerned, cancellationToken);
            return false;
        }

        try
        {
            await request();
            return true;
        }
        catch (BinanceException failure)
        {
            await FailAsync(failure.Reason, failure.Message, concerned, cancellationToken);
            return false;
        }
    }

    protected long Now() => Context.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    private async ValueTask FailAsync(
        string reason, string message, IEnumerable<SymbolEntry> concerned, CancellationToken cancellationToken)
    {
        long failures = Interlocked.Increment(ref _failures);
        _lastFailure = message;
        if (failures % 100 == 1)
        {
            Log.PollFailed(logger, feed.Name(), reason, failures, message);
        }

        long now = Now();
        foreach (SymbolEntry entry in concerned)
        {
            if (ownsFeed)
            {
                entry.Gauges.SetConnected(feed, false);
            }

            await entry.TellAsync(MarketEvent.ForSourceError(feed, reason, now), cancellationToken);
        }
    }

    private void Schedule(TimeSpan delay)
    {
        _nextPollTime = Now() + (long)delay.TotalMilliseconds;
        Context.ScheduleOnce(delay, default);
    }

    /// <summary>It is time to ask.</summary>
    internal readonly record struct Poll;
}
