using Feeds.Binance.Limits;
using Feeds.Binance.Rest;
using Feeds.Engine.Health;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine.Polling;

/// <summary>The one REST client of the node with its planner.</summary>
internal sealed class RestSource : IDisposable
{
    private readonly TimeProvider _time;

    public RestSource(NodeOptions options, TimeProvider time, ILogger logger)
    {
        _time = time;
        Planner = new WeightPlanner(new WeightPlannerOptions { Parallel = options.RestBatchSize }, time);
        new RestHold(options.DataDirectory, logger).Attach(Planner);
        Client = new BinanceRestClient(
            new RestOptions { Address = options.RestUrl, Proxy = options.Proxy, Timeout = options.Timeout },
            Planner,
            time,
            new Random(options.Seed));
    }

    public WeightPlanner Planner { get; }

    public BinanceRestClient Client { get; }

    /// <summary>Why nothing may be sent now, as rows say it; null when requests may go.</summary>
    public string? HoldReason => Planner.HoldReason switch
    {
        Binance.Limits.HoldReason.None => null,

        // A block is over when a request was answered; somebody has to try.
        _ when Planner.HoldEndTime <= _time.GetUtcNow().ToUnixTimeMilliseconds() => null,
        Binance.Limits.HoldReason.RateLimited => "http_429",
        Binance.Limits.HoldReason.Banned => "http_418",
        _ => "blocked",
    };

    /// <summary>Why the exchange will have nothing to do with us, and until when; null when that is not so.</summary>
    public string? Sentence =>
        Planner.HoldReason is var reason and (Binance.Limits.HoldReason.Banned or Binance.Limits.HoldReason.Blocked)
        ? $"exchange: {RestHold.Sentence(reason)}; nothing is asked until "
            + DateTimeOffset.FromUnixTimeMilliseconds(Planner.HoldEndTime).ToString(
                "u", System.Globalization.CultureInfo.InvariantCulture)
        : null;

    /// <summary>Returns how much of the budgets is used.</summary>
    public RequestBudget Budget() => new(
        Planner.Used(RequestPool.Weight),
        Planner.WeightLimit,
        Planner.Used(RequestPool.Funding),
        Planner.Used(RequestPool.FuturesData),
        Planner.UnderWay,
        Planner.Waiting,
        HoldReason);

    /// <summary>Returns how the REST side stands.</summary>
    public RestStatus Status(double clockOffsetMs, bool streamsBlocked) => new(
        Planner.Used(RequestPool.Weight),
        Planner.WeightLimit,
        Client.Counters.Sent,
        Client.Counters.Failures,
        HoldReason is null ? null : Planner.HoldEndTime,
        streamsBlocked || Planner.HoldReason == Binance.Limits.HoldReason.Blocked,
        double.IsNaN(clockOffsetMs) ? null : clockOffsetMs);

    public void Dispose()
    {
        Client.Dispose();
        Planner.Dispose();
    }
}
