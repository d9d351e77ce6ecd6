using Feeds.Core;
using Feeds.Core.Market;
using Feeds.Core.Numerics;
using Feeds.Storage.Leases;

namespace Feeds.Storage.Journals;

/// <summary>
/// One symbol's part of a <see cref="PostgresJournal"/>, under one lease: events gather by column until a flush takes
/// them.
/// </summary>
internal sealed class PostgresSymbolJournal : ISymbolJournal
{
    /// <summary>The most events that a block has; a reader of blocks relies on it.</summary>
    public const int MaxBlockEvents = 1000;

    private const int BlockBytes = 4 << 20;

    // Compressed, events take a twentieth of their room: when it gets scarce, blocks are closed early.
    private const int ScarceBlockBytes = 32 << 10;

    private readonly Lock _gate = new();
    private readonly PostgresJournal _journal;
    private readonly EventBlockWriter _events = new();
    private readonly ByteColumn _columns = new();
    private readonly List<PostgresBlock> _blocks = [];
    private readonly StateWriter _body = new();
    private long _weight;

    public PostgresSymbolJournal(PostgresJournal journal, SymbolLease lease, long lastSequence)
    {
        _journal = journal;
        Lease = lease;
        LastSequence = lastSequence;
    }

    public Symbol Symbol => Lease.Symbol;

    /// <summary>
    /// Under which it appends; epoch 0 when the symbol was not this node's, and then nothing is kept.
    /// </summary>
    public SymbolLease Lease { get; }

    public long LastSequence { get; private set; }

    public long Append(long sequence, in MarketEvent e)
    {
        lock (_gate)
        {
            if (sequence != LastSequence + 1)
            {
                throw new FeedsException(
                    $"{Symbol}: event {sequence} was appended to the journal after event {LastSequence}");
            }

            long length = LengthOf(e);
            long position = _journal.Take(length);
            LastSequence = sequence;
            _events.Add(sequence, e);
            _weight += length;
            if (_events.Count >= MaxBlockEvents || _weight >= (_journal.IsScarce ? ScarceBlockBytes : BlockBytes))
            {
                Seal();
            }

            return position;
        }
    }

    /// <summary>Moves what waits to the end of a list.</summary>
    public void MoveTo(List<PostgresBlock> blocks)
    {
        lock (_gate)
        {
            if (_events.Count > 0)
            {
                Seal();
            }

            blocks.AddRange(_blocks);
            _blocks.Clear();
        }
    }

    private long LengthOf(in MarketEvent e)
    {
        int length = EventCodec.LengthOf(e);
        if (length >= 0)
        {
            return length;
        }

        _body.Reset();
        SlowRecordCodec.Write(e, _body);
        return _body.Written.Length;
    }

    private void Seal()
    {
        (long first, int count, long firstTime, long lastTime) =
            (_events.FirstSequence, _events.Count, _events.FirstTime, _events.LastTime);
        _columns.Clear();
        _events.Finish(_columns);
        byte[] content = PostgresBlock.Compress(_columns.Bytes);
        PostgresBlock block = new(Lease, first, count, firstTime, lastTime, _columns.Count, content);
        _blocks.Add(block);
        _journal.Sealed(_weight, block.Weight);
        _weight = 0;
    }
}
