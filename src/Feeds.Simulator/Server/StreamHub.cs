using System.Collections.Concurrent;
using Feeds.Simulator.Faults;
using Feeds.Simulator.Ledgers;

namespace Feeds.Simulator.Server;

/// <summary>
/// All stream connections and topics: who listens to what, and how a message gets from a market to its listeners.
/// </summary>
internal sealed class StreamHub(
    VenueTwinOptions options, Ledger ledger, FaultBoard faults, TimeProvider time, Func<long> now)
{
    private int _ended;
    private readonly ConcurrentDictionary<string, StreamTopic> _topics = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, StreamConnection> _connections = new();
    private readonly Dictionary<string, SymbolPublisher> _publishers = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private int _lastConnection;
    private int _lastTopic;

    public VenueTwinOptions Options => options;

    public Ledger Ledger => ledger;

    public FaultBoard Faults => faults;

    public TimeProvider Time => time;

    /// <summary>The venue's present, epoch ms.</summary>
    public long Now => now();

    public IReadOnlyCollection<StreamConnection> Connections => [.. _connections.Values.OrderBy(static c => c.Number)];

    /// <summary>Streams of all symbols that somebody asked for.</summary>
    public StreamTopic? AllForceOrders { get; private set; }

    public StreamTopic? AllMarkPrices1s { get; private set; }

    public StreamTopic? AllMarkPrices3s { get; private set; }

    public StreamTopic? ContractInfo { get; private set; }

    public void Add(SymbolPublisher publisher) => _publishers.Add(StreamNameOf(publisher.Spec.Symbol), publisher);

    /// <summary>Returns the topic of a stream name on a route; null when it will never deliver there.</summary>
    public StreamTopic? Find(string name, StreamRoute route)
    {
        if (StreamName.Parse(name) is not { } parts || route == StreamRoute.Private
            || parts.IsPublic != (route == StreamRoute.Public))
        {
            return null;
        }

        SymbolPublisher? publisher = null;
        if (parts.Symbol.Length > 0 && !_publishers.TryGetValue(parts.Symbol, out publisher))
        {
            return null;
        }

        lock (_gate)
        {
            if (!_topics.TryGetValue(name, out StreamTopic? topic))
            {
                topic = new StreamTopic(name, parts, publisher?.Spec.Symbol ?? "", _lastTopic++);
                _topics[name] = topic;
                ledger.Register(topic);
                publisher?.Add(topic);
                AddGlobal(topic);
            }

            return topic;
        }
    }

    /// <summary>Takes a new connection in; the caller runs it.</summary>
    public StreamConnection Open(StreamRoute route, bool combined, Action abort)
    {
        StreamConnection connection = new(this, Interlocked.Increment(ref _lastConnection), route, combined, abort);
        _connections[connection.Number] = connection;
        ledger.Note(connection.Number, $"opened {route} {(combined ? "combined" : "raw")}");
        return connection;
    }

    /// <summary>How many connections have ended, whoever ended them.</summary>
    public int Ended => Volatile.Read(ref _ended);

    public void Forget(StreamConnection connection)
    {
        if (_connections.TryRemove(connection.Number, out _))
        {
            Interlocked.Increment(ref _ended);
        }
    }

    /// <summary>Sends one message of a stream to all that listen, through whatever faults are in force.</summary>
    public void Publish(StreamTopic topic, in MessageMark mark, ReadOnlySpan<byte> data)
    {
        ledger.Generated(topic, mark);
        StreamConnection[] listeners = topic.Listeners;
        if (listeners.Length == 0)
        {
            return;
        }

        byte[]? raw = null;
        byte[]? combined = null;
        bool faulty = faults.MayTouch(topic);
        foreach (StreamConnection listener in listeners)
        {
            byte[] bytes = listener.IsCombined
                ? combined ??= Encode(topic, data, true)
                : raw ??= Encode(topic, data, false);
            OutgoingFrame frame = new(bytes, topic, mark, FaultKind.None, null);
            if (faulty)
            {
                faults.Deliver(listener, frame, mark.EventTime);
            }
            else
            {
                listener.Offer(frame);
            }
        }
    }

    /// <summary>Keeps the rules of all connections that depend on time.</summary>
    public void Check(long time)
    {
        foreach (StreamConnection connection in _connections.Values)
        {
            connection.Check(time);
        }
    }

    /// <summary>Lower-cases ASCII letters only, as the venue does for stream names.</summary>
    public static string StreamNameOf(string symbol) => string.Create(symbol.Length, symbol, static (span, text) =>
    {
        for (int i = 0; i < text.Length; i++)
        {
            span[i] = char.IsAsciiLetterUpper(text[i]) ? (char)(text[i] | 0x20) : text[i];
        }
    });

    private void AddGlobal(StreamTopic topic)
    {
        switch (topic.Parts.Kind)
        {
            case StreamKind.AllForceOrders:
                AllForceOrders = topic;
                break;
            case StreamKind.AllMarkPrices when topic.Parts.IntervalMs == 1000:
                AllMarkPrices1s = topic;
                break;
            case StreamKind.AllMarkPrices:
                AllMarkPrices3s = topic;
                break;
            case StreamKind.ContractInfo:
                ContractInfo = topic;
                break;
        }
    }

    private byte[] Encode(StreamTopic topic, ReadOnlySpan<byte> data, bool combined)
    {
        if (!combined)
        {
            return WebSocketFrames.Encode(WebSocketFrames.Text, data);
        }

        Span<byte> head = stackalloc byte[256];
        "{\"stream\":\""u8.CopyTo(head);
        int length = 11 + System.Text.Encoding.UTF8.GetBytes(topic.Name, head[11..]);
        "\",\"data\":"u8.CopyTo(head[length..]);
        return WebSocketFrames.Encode(WebSocketFrames.Text, head[..(length + 9)], data, "}"u8);
    }
}
