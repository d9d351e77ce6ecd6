using Feeds.Simulator.Ledgers;
using Feeds.Simulator.Markets;
using Feeds.Simulator.Server;

namespace Feeds.Simulator.Faults;

/// <summary>
/// The faults that are planned and in force, and what they do to messages and connections. Safe from several threads.
/// </summary>
internal sealed class FaultBoard(ulong seed, Ledger ledger, RestLimits limits)
{
    private readonly Lock _gate = new();
    private readonly List<ActiveFault> _planned = [];
    private readonly PriorityQueue<LateFrame, (long Due, long Order)> _late = new();
    private volatile ActiveFault[] _active = [];
    private long _order;
    private int _count;

    /// <summary>How far the venue reports a wrong time now, ms.</summary>
    public long SkewMs { get; private set; }

    /// <summary>True while something waits to be sent late.</summary>
    public bool HasLate
    {
        get
        {
            lock (_gate)
            {
                return _late.Count > 0;
            }
        }
    }

    /// <summary>Plans a fault that begins <see cref="Fault.At"/> after a time; returns it.</summary>
    public ActiveFault Plan(Fault fault, long from)
    {
        fault.Validate();
        lock (_gate)
        {
            ActiveFault planned = new(
                fault, from + (long)fault.At.TotalMilliseconds, Noise.Hash(Noise.Key(seed, "faults"), _count++));
            _planned.Add(planned);
            return planned;
        }
    }

    /// <summary>Begins and ends faults, hits connections, sends what was held back.</summary>
    public void Step(long time, IReadOnlyCollection<StreamConnection> connections)
    {
        lock (_gate)
        {
            if (_planned.Count == 0 && _late.Count == 0)
            {
                return;
            }

            foreach (ActiveFault fault in _planned)
            {
                if (!fault.HasBegun && fault.Start <= time)
                {
                    Begin(fault);
                }

                if (fault.HasBegun && fault.Fault.IsOfConnections)
                {
                    HitConnections(fault, connections);
                }
            }

            foreach (ActiveFault fault in _planned.FindAll(fault => fault.HasBegun && fault.End <= time))
            {
                Finish(fault, connections);
                _planned.Remove(fault);
            }

            _active = [.. _planned.Where(static fault => fault.HasBegun)];
            SkewMs = _active.Where(static one => one.Fault.Kind == FaultKind.ClockSkew)
                .Sum(static one => (long)one.Fault.Delay.TotalMilliseconds);
            while (_late.TryPeek(out LateFrame late, out (long Due, long Order) at) && at.Due <= time)
            {
                _late.Dequeue();
                late.Connection.Offer(late.Frame);
            }
        }
    }

    /// <summary>True when some fault in force may change how a stream is delivered.</summary>
    public bool MayTouch(StreamTopic topic)
    {
        foreach (ActiveFault fault in _active)
        {
            if (fault.Fault.IsOfMessages && fault.Matches(topic))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Delivers a message through the faults in force: perhaps damaged, twice, late, among others, or not at all.
    /// </summary>
    public void Deliver(StreamConnection connection, OutgoingFrame frame, long time)
    {
        lock (_gate)
        {
            bool twice = false;
            long due = time;
            ActiveFault? shuffle = null;
            foreach (ActiveFault active in _active)
            {
                Fault fault = active.Fault;
                if (!fault.IsOfMessages || !active.Matches(frame.Topic!) || !active.Hits(connection, frame.Mark))
                {
                    continue;
                }

                switch (fault.Kind)
                {
                    case FaultKind.Mute or FaultKind.Lose:
                        return;
                    case FaultKind.Garble:
                        frame = frame with
                        {
                            Bytes = FrameDamage.Garble(frame.Bytes, Noise.Mix(active.Draw(frame.Mark, 0))),
                            Fault = FaultKind.Garble,
                        };
                        break;
                    case FaultKind.HugeFrame:
                        frame = frame with
                        {
                            Bytes = FrameDamage.Inflate(frame.Bytes, fault.Bytes),
                            Fault = FaultKind.HugeFrame,
                        };
                        break;
                    case FaultKind.Duplicate:
                        twice = true;
                        break;
                    case FaultKind.Reorder:
                        shuffle = active;
                        break;
                    case FaultKind.Delay:
                        due += (long)fault.Delay.TotalMilliseconds;
                        frame = frame with { Fault = FaultKind.Delay };
                        break;
                }
            }

            if (shuffle is not null)
            {
                Hold(shuffle, connection, frame);
            }
            else
            {
                Send(connection, frame, due, time);
            }

            if (twice)
            {
                Send(connection, frame with { Fault = FaultKind.Duplicate }, due, time);
            }
        }
    }

    /// <summary>The faults in force that hit a request.</summary>
    public IReadOnlyList<Fault> Of(string path, string symbol, long number) =>
        [.. _active.Where(fault => fault.Hits(path, symbol, number)).Select(static fault => fault.Fault)];

    /// <summary>The fault in force that refuses a handshake on a route; null for none.</summary>
    public FaultKind? RefusalOf(StreamRoute route)
    {
        foreach (ActiveFault active in _active)
        {
            if (active.Fault.Kind is FaultKind.RefuseConnections or FaultKind.Forbidden or FaultKind.GeoBlock
                && active.Fault.Endpoint is null && (active.Fault.Route ?? route) == route)
            {
                return active.Fault.Kind;
            }
        }

        return null;
    }

    /// <summary>Ends a fault at the next step.</summary>
    public void End(ActiveFault fault)
    {
        lock (_gate)
        {
            fault.End = long.MinValue;
            fault.HasBegun = true;
        }
    }

    private void Begin(ActiveFault fault)
    {
        fault.HasBegun = true;
        ledger.Note(fault.Fault.Connection ?? 0, $"fault {fault.Fault.Kind} begins");
        if (fault.Fault.Kind == FaultKind.Ban)
        {
            bool isLong = fault.Fault.Duration > TimeSpan.Zero;
            limits.BanFor(isLong ? fault.Fault.Duration!.Value : TimeSpan.FromMinutes(2));
        }
    }

    private void Finish(ActiveFault fault, IReadOnlyCollection<StreamConnection> connections)
    {
        ledger.Note(fault.Fault.Connection ?? 0, $"fault {fault.Fault.Kind} ends");
        foreach (((StreamConnection connection, StreamTopic _), List<OutgoingFrame> held) in fault.Held)
        {
            held.ForEach(frame => connection.Offer(frame));
        }

        fault.Held.Clear();
        if (fault.Fault.Kind is FaultKind.HalfOpen or FaultKind.Drip)
        {
            foreach (StreamConnection connection in connections.Where(one => fault.Hit.Contains(one.Number)))
            {
                connection.Thaw();
                connection.Drip(null);
            }
        }
    }

    private static void HitConnections(ActiveFault fault, IReadOnlyCollection<StreamConnection> connections)
    {
        foreach (StreamConnection connection in connections)
        {
            if (!fault.Matches(connection) || !fault.Hit.Add(connection.Number))
            {
                continue;
            }

            switch (fault.Fault.Kind)
            {
                case FaultKind.Close:
                    connection.Close(1001, "fault");
                    break;
                case FaultKind.Reset:
                    connection.Reset();
                    break;
                case FaultKind.Drip:
                    connection.Drip(fault.Fault.Delay);
                    break;
                default:
                    connection.Freeze();
                    break;
            }
        }
    }

    private void Send(StreamConnection connection, in OutgoingFrame frame, long due, long time)
    {
        if (due <= time)
        {
            connection.Offer(frame);
        }
        else
        {
            _late.Enqueue(new LateFrame(connection, frame), (due, _order++));
        }
    }

    // Messages wait until there are as many as may change places, then all go in a new order.
    private static void Hold(ActiveFault fault, StreamConnection connection, in OutgoingFrame frame)
    {
        if (!fault.Held.TryGetValue((connection, frame.Topic!), out List<OutgoingFrame>? held))
        {
            held = [];
            fault.Held.Add((connection, frame.Topic!), held);
        }

        held.Add(frame with { Fault = FaultKind.Reorder });
        if (held.Count < fault.Fault.Within)
        {
            return;
        }

        ulong chance = fault.Draw(frame.Mark, connection.Number);
        for (int i = held.Count - 1; i > 0; i--)
        {
            int j = (int)(Noise.Hash(chance, i) % (ulong)(i + 1));
            (held[i], held[j]) = (held[j], held[i]);
        }

        held.ForEach(one => connection.Offer(one));
        held.Clear();
    }

    private readonly record struct LateFrame(StreamConnection Connection, OutgoingFrame Frame);
}
