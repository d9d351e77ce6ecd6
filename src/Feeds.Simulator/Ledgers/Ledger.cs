using Feeds.Simulator.Faults;
using Feeds.Simulator.Markets;
using Feeds.Simulator.Server;

namespace Feeds.Simulator.Ledgers;

/// <summary>
/// The venue's own account of a run: what its markets generated, and what really went out on which connection. A
/// message is sent once the operating system took its bytes; what a fault took away or what nobody listened to is
/// generated only. Safe from several threads.
/// </summary>
public sealed class Ledger : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Func<long> _now;
    private readonly bool _keeps;
    private readonly LedgerFile? _file;
    private readonly List<string> _streams = [];
    private readonly List<List<LedgerMessage>> _generated = [];
    private readonly List<LedgerMessage> _sent = [];
    private readonly Dictionary<string, List<TradePrint>> _trades = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<LiquidationPrint>> _liquidations = new(StringComparer.Ordinal);
    private readonly List<LedgerNote> _notes = [];
    private readonly List<LedgerRequest> _requests = [];
    private long _sentCount;
    private long _overLimitCount;

    internal Ledger(string? path, bool keeps, Func<long> now)
    {
        _file = path is null ? null : new LedgerFile(path, now());
        _keeps = keeps;
        _now = now;
    }

    /// <summary>
    /// All streams that a client ever asked for and the venue has; their messages are in the ledger from then on.
    /// </summary>
    public IReadOnlyList<string> Streams
    {
        get
        {
            lock (_gate)
            {
                return [.. _streams];
            }
        }
    }

    /// <summary>What happened besides messages, oldest first.</summary>
    public IReadOnlyList<LedgerNote> Notes
    {
        get
        {
            lock (_gate)
            {
                return [.. _notes];
            }
        }
    }

    /// <summary>
    /// The REST requests, in the order in which they were answered; empty unless the ledger is kept in memory.
    /// </summary>
    public IReadOnlyList<LedgerRequest> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>REST requests so far for which a pool of the venue was used up.</summary>
    public long OverLimitCount => Interlocked.Read(ref _overLimitCount);

    /// <summary>Messages sent so far, on all connections.</summary>
    public long SentCount => Interlocked.Read(ref _sentCount);

    /// <summary>
    /// Returns what a stream had to say since it was first asked for, whether or not anybody got it; oldest first.
    /// </summary>
    public IReadOnlyList<LedgerMessage> Generated(string stream)
    {
        lock (_gate)
        {
            int at = _streams.IndexOf(stream);
            return at < 0 ? [] : [.. _generated[at]];
        }
    }

    /// <summary>Returns what was sent of a stream on all connections, in the order of sending.</summary>
    public IReadOnlyList<LedgerMessage> Sent(string stream)
    {
        lock (_gate)
        {
            return [.. _sent.Where(message => string.Equals(message.Stream, stream, StringComparison.Ordinal))];
        }
    }

    /// <summary>Returns what was sent on a connection, in the order of sending.</summary>
    public IReadOnlyList<LedgerMessage> SentOn(int connection)
    {
        lock (_gate)
        {
            return [.. _sent.Where(message => message.Connection == connection)];
        }
    }

    /// <summary>Returns the messages of a stream that were generated and never sent on any connection.</summary>
    public IReadOnlyList<LedgerMessage> NeverSent(string stream)
    {
        HashSet<(long Id, long EventTime)> sent =
            [.. Sent(stream).Select(static message => (message.Id, message.EventTime))];
        return [.. Generated(stream).Where(message => !sent.Contains((message.Id, message.EventTime)))];
    }

    /// <summary>Returns all trades of a symbol since the start, whether or not anybody asked for them.</summary>
    public IReadOnlyList<TradePrint> Trades(string symbol)
    {
        lock (_gate)
        {
            return _trades.TryGetValue(symbol, out List<TradePrint>? trades) ? [.. trades] : [];
        }
    }

    /// <summary>
    /// Returns all forced orders of a symbol since the start; the stream shows at most one of a second.
    /// </summary>
    public IReadOnlyList<LiquidationPrint> Liquidations(string symbol)
    {
        lock (_gate)
        {
            return _liquidations.TryGetValue(symbol, out List<LiquidationPrint>? orders) ? [.. orders] : [];
        }
    }

    /// <summary>Brings the file up to date and closes it.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _file?.Finish(_now());
            _file?.Dispose();
        }
    }

    internal void Register(StreamTopic topic)
    {
        lock (_gate)
        {
            _streams.Add(topic.Name);
            _generated.Add([]);
            _file?.Stream(topic.Index, topic.Name);
        }
    }

    internal void Generated(StreamTopic topic, in MessageMark mark)
    {
        lock (_gate)
        {
            if (_keeps)
            {
                _generated[topic.Index].Add(
                    new LedgerMessage(topic.Name, 0, mark.Id, mark.EventTime, mark.IsFinal, FaultKind.None));
            }

            _file?.Generated(topic.Index, mark);
        }
    }

    internal void Sent(int connection, IReadOnlyList<OutgoingFrame> frames)
    {
        lock (_gate)
        {
            foreach (OutgoingFrame frame in frames)
            {
                if (frame.Topic is not { } topic)
                {
                    continue;
                }

                Interlocked.Increment(ref _sentCount);
                if (_keeps)
                {
                    _sent.Add(new LedgerMessage(
                        topic.Name, connection, frame.Mark.Id, frame.Mark.EventTime, frame.Mark.IsFinal, frame.Fault));
                }

                _file?.Sent(connection, topic.Index, frame.Mark, frame.Fault);
            }
        }
    }

    internal void Trades(string symbol, List<TradePrint> trades)
    {
        lock (_gate)
        {
            if (_keeps)
            {
                Of(_trades, symbol).AddRange(trades);
            }

            _file?.Trades(symbol, trades);
        }
    }

    internal void Liquidations(string symbol, List<LiquidationPrint> orders)
    {
        lock (_gate)
        {
            if (_keeps)
            {
                Of(_liquidations, symbol).AddRange(orders);
            }

            _file?.Liquidations(symbol, orders);
        }
    }

    internal void Request(in LedgerRequest request)
    {
        lock (_gate)
        {
            _overLimitCount += request.IsOverLimit ? 1 : 0;
            if (_keeps)
            {
                _requests.Add(request);
            }
        }
    }

    internal void Note(int connection, string what)
    {
        lock (_gate)
        {
            LedgerNote note = new(_now(), connection, what);
            if (_notes.Count < 100_000)
            {
                _notes.Add(note);
            }

            _file?.Note(note);
        }
    }

    internal void Flush()
    {
        lock (_gate)
        {
            _file?.Flush();
        }
    }

    private static List<T> Of<T>(Dictionary<string, List<T>> lists, string symbol)
    {
        if (!lists.TryGetValue(symbol, out List<T>? list))
        {
            list = [];
            lists.Add(symbol, list);
        }

        return list;
    }
}
