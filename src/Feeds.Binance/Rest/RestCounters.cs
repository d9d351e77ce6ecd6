using System.Collections.Concurrent;

namespace Feeds.Binance.Rest;

/// <summary>Requests by endpoint and outcome, and rows that were refused. Safe for many threads.</summary>
public sealed class RestCounters
{
    private readonly ConcurrentDictionary<(string Endpoint, string Outcome), long> _requests = new();
    private readonly ConcurrentDictionary<string, long> _rejectedRows = new();
    private long _sent;
    private long _failures;

    /// <summary>Requests sent, each try counted.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Tries that ended without an answer that could be used.</summary>
    public long Failures => Volatile.Read(ref _failures);

    /// <summary>
    /// Returns the tries so far by endpoint and outcome (<c>ok</c>, <c>http_429</c>, <c>timeout</c>, …).
    /// </summary>
    public IReadOnlyList<(string Endpoint, string Outcome, long Count)> Requests() =>
        [.. _requests.Select(static pair => (pair.Key.Endpoint, pair.Key.Outcome, pair.Value))];

    /// <summary>Returns the rows refused so far by endpoint.</summary>
    public IReadOnlyList<(string Endpoint, long Count)> RejectedRows() =>
        [.. _rejectedRows.Select(static pair => (pair.Key, pair.Value))];

    internal void CountSent() => Interlocked.Increment(ref _sent);

    internal void Count(string endpoint, string outcome)
    {
        if (outcome != "ok")
        {
            Interlocked.Increment(ref _failures);
        }

        _requests.AddOrUpdate((endpoint, outcome), 1, static (_, count) => count + 1);
    }

    internal void CountRejected(string endpoint, int rows)
    {
        if (rows > 0)
        {
            _rejectedRows.AddOrUpdate(
                endpoint, static (_, added) => added, static (_, count, added) => count + added, rows);
        }
    }
}
