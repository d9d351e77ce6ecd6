using Feeds.Binance.Limits;
using Feeds.Binance.Rest;
using Feeds.Engine.Health;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine.Polling;

/// <summary>The one REST client of the node with its planner.</summary>
internal sealed class RestSource : IDisposable
{
    public RestSource(NodeOptions options, TimeProvider time, ILogger logger)
    {
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
        Binance.Limits.HoldReason.RateLimited => "http_429",
        Binance.Limits.HoldReason.Banned => "http_418",
        _ => "blocked",
    };

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
