using Feeds.Simulator.Markets;
using Feeds.Simulator.Server;

namespace Feeds.Simulator.Faults;

/// <summary>A fault with its place in time and its chance.</summary>
internal sealed class ActiveFault(Fault fault, long start, ulong key)
{
    private readonly string? _stream = fault.Symbol is null ? null : StreamHub.StreamNameOf(fault.Symbol);

    public Fault Fault => fault;

    /// <summary>When it begins, epoch ms.</summary>
    public long Start => start;

    /// <summary>When it ends, epoch ms; equal to the start for one that happens once.</summary>
    public long End { get; set; } = fault.Duration is { } length
        ? start + (long)length.TotalMilliseconds
        : long.MaxValue;

    /// <summary>True once it has begun.</summary>
    public bool HasBegun { get; set; }

    /// <summary>Connections that it has already hit, for those that hit each once.</summary>
    public HashSet<int> Hit { get; } = [];

    /// <summary>Messages held back for a reordering, by connection and stream.</summary>
    public Dictionary<(StreamConnection Connection, StreamTopic Topic), List<OutgoingFrame>> Held { get; } = [];

    /// <summary>True when a stream of a connection is among the targets.</summary>
    public bool Matches(StreamTopic topic) =>
        (fault.Symbol is null || string.Equals(topic.Symbol, fault.Symbol, StringComparison.Ordinal))
        && (fault.Stream is null || MatchesName(topic.Name, fault.Stream));

    /// <summary>True when a connection is among the targets.</summary>
    public bool Matches(StreamConnection connection)
    {
        if ((fault.Connection is { } number && number != connection.Number)
            || (fault.Route is { } route && route != connection.Route))
        {
            return false;
        }

        return (fault.Symbol is null && fault.Stream is null) || connection.Subscriptions.Any(name =>
            (_stream is null || name.StartsWith(_stream + "@", StringComparison.Ordinal))
            && (fault.Stream is null || MatchesName(name, fault.Stream)));
    }

    /// <summary>True when a message of a connection is drawn.</summary>
    public bool Hits(StreamConnection connection, in MessageMark mark)
    {
        if ((fault.Connection is { } number && number != connection.Number)
            || (fault.Route is { } route && route != connection.Route)
            || mark.Id < (fault.FromId ?? long.MinValue) || mark.Id > (fault.ToId ?? long.MaxValue))
        {
            return false;
        }

        return fault.Share >= 1 || Noise.Unit(Draw(mark, fault.PerConnection ? connection.Number : 0)) < fault.Share;
    }

    /// <summary>True when a request is drawn; <paramref name="number"/> counts all requests.</summary>
    public bool Hits(string path, string symbol, long number) =>
        (fault.Endpoint is null || path.StartsWith(fault.Endpoint, StringComparison.Ordinal))
        && (fault.Symbol is null || string.Equals(symbol, fault.Symbol, StringComparison.OrdinalIgnoreCase))
        && (fault.Share >= 1 || Noise.Unit(Noise.Hash(key, number)) < fault.Share);

    /// <summary>Chance of a message: the same in each run.</summary>
    public ulong Draw(in MessageMark mark, int connection) =>
        Noise.Hash(Noise.Hash(key + (ulong)connection, mark.Id), mark.EventTime);

    private static bool MatchesName(string name, string wanted)
    {
        int at = name.IndexOf('@', StringComparison.Ordinal);
        return string.Equals(name, wanted, StringComparison.Ordinal)
            || (at > 0 && name.AsSpan(at + 1).StartsWith(wanted, StringComparison.Ordinal));
    }
}
