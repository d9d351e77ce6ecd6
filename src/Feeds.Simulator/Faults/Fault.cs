using Feeds.Core;
using Feeds.Simulator.Server;

namespace Feeds.Simulator.Faults;

/// <summary>
/// One thing that goes wrong: what, when, for how long, and to whom. Targets left null match everything.
/// </summary>
public sealed record Fault
{
    /// <summary>What goes wrong.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary>When it begins, after the venue's start (in a script) or from now (injected by a test).</summary>
    public TimeSpan At { get; init; }

    /// <summary>
    /// How long it lasts, in market time; null for until it is ended. Zero makes a close or reset happen once.
    /// </summary>
    public TimeSpan? Duration { get; init; } = TimeSpan.Zero;

    /// <summary>Symbol whose streams, connections or requests it hits.</summary>
    public string? Symbol { get; init; }

    /// <summary>
    /// Stream that it hits: a whole name (<c>!forceOrder@arr</c>) or the beginning of what follows the first <c>@</c>.
    /// </summary>
    public string? Stream { get; init; }

    /// <summary>Route whose connections it hits.</summary>
    public StreamRoute? Route { get; init; }

    /// <summary>Beginning of the path of the requests that it hits, such as <c>/fapi/v1/klines</c>.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Number of the only connection that it hits.</summary>
    public int? Connection { get; init; }

    /// <summary>
    /// Share of messages or requests that it hits, in [0, 1]; drawn from the seed and the id, the same in each run.
    /// </summary>
    public double Share { get; init; } = 1;

    /// <summary>Smallest natural id that it hits.</summary>
    public long? FromId { get; init; }

    /// <summary>Largest natural id that it hits.</summary>
    public long? ToId { get; init; }

    /// <summary>Messages among which a reordering shuffles; at least 2.</summary>
    public int Within { get; init; } = 4;

    /// <summary>
    /// How late a message or answer comes, how far a clock is wrong (negative: behind), how old a snapshot is, or what
    /// a refusal says in
    /// <c>Retry-After</c> (zero: nothing).
    /// </summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Size of a huge frame or of what a bomb unpacks to, in bytes; 1 kB to 1 GB.</summary>
    public int Bytes { get; init; } = 50_000_000;

    /// <summary>
    /// True to draw for each connection on its own, so that one of two overlapping connections may get what the other
    /// lost.
    /// </summary>
    public bool PerConnection { get; init; }

    /// <summary>True when it hits stream messages.</summary>
    internal bool IsOfMessages => Kind is FaultKind.Mute or FaultKind.Lose or FaultKind.Duplicate or FaultKind.Reorder
        or FaultKind.Garble or FaultKind.Delay or FaultKind.HugeFrame;

    /// <summary>True when it hits stream connections as a whole.</summary>
    internal bool IsOfConnections => Kind is FaultKind.Close or FaultKind.Reset or FaultKind.HalfOpen
        or FaultKind.Drip;

    internal void Validate()
    {
        Check(Kind != FaultKind.None, "kind", Kind, "must name a fault");
        Check(Share is >= 0 and <= 1, "share", Share, "must be 0 to 1");
        Check(Within is >= 2 and <= 10_000, "within", Within, "must be 2 to 10000");
        Check(Bytes is >= 1000 and <= 1_000_000_000, "bytes", Bytes, "must be 1000 to 1000000000");
        Check(At >= TimeSpan.Zero, "at", At, "must not be negative");
        Check(Duration is null || Duration >= TimeSpan.Zero, "for", Duration ?? default, "must not be negative");
        Check(Delay >= TimeSpan.Zero || Kind == FaultKind.ClockSkew, "delay", Delay, "must not be negative");
    }

    private void Check(bool isRight, string key, object value, string allowed)
    {
        if (!isRight)
        {
            throw new FeedsException(FormattableString.Invariant($"fault {Kind}: {key} = {value}: {allowed}"));
        }
    }
}
