using System.Collections.Immutable;
using Feeds.Binance.Streams;

namespace Feeds.Engine.Streams;

/// <summary>
/// The streams of one connection and what others may read of it. Outlives the connection: each new one asks for the
/// streams that stand here. Changed by the hub, read from any thread.
/// </summary>
internal sealed class StreamGroup(string name, StreamEndpoint endpoint, StreamTotals totals)
{
    private ImmutableHashSet<StreamName> _streams = [];
    private long _frames;
    private long _read;
    private long _lastFrameTime;
    private long _certainTime;
    private int _connections;
    private int _rollovers;
    private int _muted;
    private bool _isOpen;
    private bool _isShuttingDown;
    private string? _lastError;

    /// <summary>The name of its actor, such as <c>market-1</c>.</summary>
    public string Name { get; } = name;

    /// <summary>What all connections of the node counted.</summary>
    public StreamTotals Totals { get; } = totals;

    /// <summary>Where it connects to.</summary>
    public StreamEndpoint Endpoint { get; } = endpoint;

    /// <summary>The streams that are wanted.</summary>
    public ImmutableHashSet<StreamName> Streams => Volatile.Read(ref _streams);

    /// <summary>Frames received over all connections.</summary>
    public long Frames => Volatile.Read(ref _frames);

    /// <summary>Frames read on all connections, those of replacements included; two may be the same message.</summary>
    public long Read => Interlocked.Read(ref _read);

    /// <summary>When the newest frame came, or the connection was opened, whichever is later; epoch ms.</summary>
    public long LastFrameTime => Volatile.Read(ref _lastFrameTime);

    /// <summary>How many connections were opened, replacements without a break not counted.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>How many connections were replaced without a break.</summary>
    public int Rollovers => Volatile.Read(ref _rollovers);

    /// <summary>How many streams are silent too long now, while their connection is not.</summary>
    public int Muted
    {
        get => Volatile.Read(ref _muted);
        set => Volatile.Write(ref _muted, value);
    }

    /// <summary>When the newest data of each stream came, epoch ms; 0 when none did.</summary>
    public StreamPulses Pulses { get; } = new();

    /// <summary>
    /// Event time of each stream's newest event, by the exchange's clock, epoch ms; 0 when none came. What is lost with
    /// a connection begins there, however long it was under way.
    /// </summary>
    public StreamPulses EventTimes { get; } = new();

    /// <summary>
    /// What came before it was received or declared missing: when the streams were last acknowledged, or the newest
    /// event of any of them, by the exchange's clock, epoch ms.
    /// </summary>
    public long CertainTime
    {
        get => Volatile.Read(ref _certainTime);
        set => Volatile.Write(ref _certainTime, Math.Max(_certainTime, value));
    }

    /// <summary>
    /// When streams were last acknowledged, by the exchange's clock, epoch ms: what was missing before is declared.
    /// </summary>
    public long DeclaredTime { get; set; }

    /// <summary>What is known of the pace of the streams. For the connection's actor alone; outlives it.</summary>
    public SilenceJudge Judge { get; } = new();

    /// <summary>True after the exchange said that it will close the connection.</summary>
    public bool IsShuttingDown
    {
        get => Volatile.Read(ref _isShuttingDown);
        set => Volatile.Write(ref _isShuttingDown, value);
    }

    /// <summary>True while a connection is open and its streams were asked for.</summary>
    public bool IsOpen => Volatile.Read(ref _isOpen);

    /// <summary>Why the last connection ended; null when none did.</summary>
    public string? LastError => Volatile.Read(ref _lastError);

    public void Add(IEnumerable<StreamName> streams) => Volatile.Write(ref _streams, _streams.Union(streams));

    public void Remove(IEnumerable<StreamName> streams) => Volatile.Write(ref _streams, _streams.Except(streams));

    public void Opened(long now)
    {
        Volatile.Write(ref _connections, _connections + 1);
        Volatile.Write(ref _lastFrameTime, now);
        Volatile.Write(ref _isOpen, true);
        IsShuttingDown = false;
    }

    public void RolledOver()
    {
        Volatile.Write(ref _rollovers, _rollovers + 1);
        IsShuttingDown = false;
    }

    public void CountRead() => Interlocked.Increment(ref _read);

    public void Received(long receiveTime)
    {
        Volatile.Write(ref _frames, _frames + 1);
        Volatile.Write(ref _lastFrameTime, receiveTime);
    }

    public void Closed(string? error)
    {
        Volatile.Write(ref _isOpen, false);
        Volatile.Write(ref _lastError, error ?? _lastError);
    }
}
