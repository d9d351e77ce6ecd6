using System.Threading.Channels;

namespace Feeds.Actors.Mailboxes;

/// <summary>
/// A bounded mailbox: a command queue, a data queue and one conflation slot; many senders, one consumer. The consumer
/// takes commands, then data, then the slot. Channels hold the queues and the senders that wait for room.
/// </summary>
internal sealed class Mailbox<TMessage>
{
    private readonly MailboxOptions<TMessage> _options;
    private readonly Channel<TMessage> _commands;
    private readonly Channel<TMessage> _data;
    private readonly WakeUp _wakeUp;
    private readonly Func<TMessage, int, TMessage> _stamp;
    private readonly Action<TMessage> _replaced;

    // Guards the slot, and every step that must see slot and data queue as one thing.
    private readonly Lock _gate = new();
    private TMessage _slot = default!;
    private bool _slotFull;
    private int _slotReplaced;

    private int _commandsWaiting;
    private long _replacedTotal;
    private volatile OfferResult _refusal = OfferResult.Taken;

    /// <param name="options">Bounds and classes.</param>
    /// <param name="wakeUp">Set after each message that was put in.</param>
    /// <param name="stamp">Writes the count of replaced ones into a message that leaves the slot; must not
    /// throw.</param>
    /// <param name="replaced">Takes each message that a newer one replaced; must not throw.</param>
    public Mailbox(
        MailboxOptions<TMessage> options, WakeUp wakeUp, Func<TMessage, int, TMessage> stamp,
        Action<TMessage> replaced)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.DataCapacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.CommandCapacity, 1);
        _options = options;
        _wakeUp = wakeUp;
        _stamp = stamp;
        _replaced = replaced;
        _commands = Bounded(options.CommandCapacity);
        _data = Bounded(options.DataCapacity);
    }

    /// <summary>Messages that wait now, by queue.</summary>
    public MailboxDepth Depth => new(
        _commands.Reader.Count, _options.CommandCapacity, _data.Reader.Count, _options.DataCapacity,
        Volatile.Read(ref _slotFull));

    /// <summary>Messages that a newer one replaced, in all.</summary>
    public long ReplacedTotal => Interlocked.Read(ref _replacedTotal);

    /// <summary>Puts the message in if there is room now. From any thread.</summary>
    public OfferResult Offer(in TMessage message)
    {
        if (_refusal is var refusal and not OfferResult.Taken) return refusal;
        var taken = ClassOf(message) switch
        {
            MessageClass.Command => OfferCommand(message),
            MessageClass.Barrier => OfferBarrier(message),
            MessageClass.Conflate => OfferToSlot(message),
            _ => _data.Writer.TryWrite(message),
        };
        if (taken)
        {
            _wakeUp.Set();
            return OfferResult.Taken;
        }
        return _refusal is var reason and not OfferResult.Taken ? reason : OfferResult.Full;
    }

    /// <summary>Ends when the message's queue may have room again, or is closed; others may be quicker.</summary>
    public async ValueTask WaitForRoomAsync(TMessage message, CancellationToken cancellationToken)
    {
        var queue = ClassOf(message) == MessageClass.Command ? _commands : _data;
        await queue.Writer.WaitToWriteAsync(cancellationToken);
    }

    /// <summary>Takes the next message; false when nothing waits. Only the consumer.</summary>
    public bool TryTake(out TMessage message)
    {
        if (Volatile.Read(ref _commandsWaiting) > 0 && _commands.Reader.TryRead(out message!))
        {
            Interlocked.Decrement(ref _commandsWaiting);
            return true;
        }
        if (_data.Reader.TryRead(out message!)) return true;
        return Volatile.Read(ref _slotFull) && TryTakeSlot(out message);
    }

    /// <summary>
    /// Refuses what comes from now on, until <see cref="Open"/>; a message that is being offered may still slip in.
    /// </summary>
    public void Park() => Interlocked.CompareExchange(ref _refusal, OfferResult.Parked, OfferResult.Taken);

    /// <summary>Takes messages again after <see cref="Park"/>; not after <see cref="Close"/>.</summary>
    public void Open() => Interlocked.CompareExchange(ref _refusal, OfferResult.Taken, OfferResult.Parked);

    /// <summary>
    /// Refuses what comes from now on, for good. What is in can still be taken, and nothing slips in later.
    /// </summary>
    public void Close()
    {
        _refusal = OfferResult.Stopped;
        _commands.Writer.TryComplete();
        lock (_gate) _data.Writer.TryComplete();
    }

    private static Channel<TMessage> Bounded(int capacity) => Channel.CreateBounded<TMessage>(
        new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    private MessageClass ClassOf(in TMessage message) => _options.Classify?.Invoke(message) ?? MessageClass.Data;

    private bool OfferCommand(in TMessage message)
    {
        // Counted first: a message that is in the queue is never overlooked by a consumer that trusts the count.
        Interlocked.Increment(ref _commandsWaiting);
        if (_commands.Writer.TryWrite(message)) return true;
        Interlocked.Decrement(ref _commandsWaiting);
        return false;
    }

    private bool OfferBarrier(in TMessage message)
    {
        lock (_gate)
        {
            // When only the slot's message finds room it stays moved: ahead of the barrier is where it belongs.
            if (_slotFull)
            {
                if (!_data.Writer.TryWrite(SlotContent())) return false;
                EmptySlot();
            }
            return _data.Writer.TryWrite(message);
        }
    }

    private bool OfferToSlot(in TMessage message)
    {
        TMessage older;
        lock (_gate)
        {
            // Read again under the gate: Close passes the gate, so nothing enters the slot after it.
            if (_refusal == OfferResult.Stopped) return false;
            if (!_slotFull)
            {
                _slot = message;
                Volatile.Write(ref _slotFull, true);
                return true;
            }
            older = _slot;
            _slot = message;
            _slotReplaced++;
            _replacedTotal++;
        }
        _replaced(older);
        return true;
    }

    private bool TryTakeSlot(out TMessage message)
    {
        lock (_gate)
        {
            // Data told before the slot's message may have come since the consumer looked; a barrier's order hangs on
            // it.
            if (_data.Reader.TryRead(out message!)) return true;
            if (!_slotFull) return false;
            message = SlotContent();
            EmptySlot();
            return true;
        }
    }

    private TMessage SlotContent() => _stamp(_slot, _slotReplaced);

    private void EmptySlot()
    {
        _slot = default!;
        Volatile.Write(ref _slotFull, false);
        _slotReplaced = 0;
    }
}
