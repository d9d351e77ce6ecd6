using System.Text;
using Feeds.Terminal;

namespace Feeds.Http;

/// <summary>What <c>feeds health</c> says: a verdict, and what it rests on.</summary>
/// <param name="Health"><c>HEALTHY</c> or <c>DEGRADED</c>.</param>
/// <param name="Checks">What was looked at.</param>
internal sealed record HealthDocument(string Health, IReadOnlyList<HealthCheck> Checks)
{
    /// <summary>True when nothing is wrong.</summary>
    public bool IsHealthy => Health == "HEALTHY";

    /// <summary>
    /// Returns the verdict on a status: exchange API, streams, rows, freshness of data, and each server that is
    /// configured.
    /// </summary>
    public static HealthDocument Of(StatusDocument status)
    {
        int closed = status.Streams.Count(static s => !s.Connected);
        bool ownsNothing = status is { Ready: true, Cluster: not null, Counters.Symbols: 0 };
        List<HealthCheck> checks =
        [
            new("exchange_api", status.Rest is { Blocked: false, HeldUntil: null }, Api(status.Rest)),
            new("streams", closed == 0
                && (status.Streams.Count > 0 || ownsNothing),
                $"{status.Streams.Count - closed} of {status.Streams.Count} connections open"),
            new("rows", status.Ready, status.LastTickTime is { } tick
                ? $"{status.Counters.Rows} rows, the newest of {Figures.Clock(tick)} UTC" : ownsNothing
                ? "none: it owns no symbol" : "none written yet"),
            new("freshness", status.DataFeeds == "OK", status.Reasons.Count == 0
                ? "every required feed is fresh" : string.Join("; ", status.Reasons)),
        ];
        checks.AddRange(status.Stores.Select(static s => new HealthCheck(s.Name, s.Ok, s.Detail)));
        return new HealthDocument(checks.TrueForAll(static c => c.Ok) ? "HEALTHY" : "DEGRADED", checks);
    }

    /// <summary>Returns it as lines, the verdict first.</summary>
    public string ToText()
    {
        StringBuilder text = new();
        text.Append(Health).Append('\n');
        foreach (HealthCheck check in Checks)
            text.Append(check.Ok ? "  ok    " : "  FAIL  ").Append(check.Name.PadRight(13)).Append(
                PlainText.Of(check.Detail)).Append('\n');
        return text.ToString();
    }

    private static string Api(RestDocument rest) => rest switch
    {
        { Blocked: true } => "BLOCKED: the exchange refuses this address",
        { HeldUntil: { } until } => $"held until {Figures.Clock(until)} UTC after too many requests",
        _ => $"weight {rest.UsedWeight} of {rest.WeightLimit}, {rest.Failures} of {rest.Requests} requests failed",
    };
}

/// <summary>One thing that was looked at.</summary>
/// <param name="Name">What.</param>
/// <param name="Ok">True when it is well.</param>
/// <param name="Detail">A phrase.</param>
internal sealed record HealthCheck(string Name, bool Ok, string Detail);
