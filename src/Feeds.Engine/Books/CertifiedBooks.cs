using Feeds.Binance.Books;
using Feeds.Binance.Wire;
using Feeds.Core.Books;
using Feeds.Core.Market;
using Feeds.Engine.Symbols;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine.Books;

/// <summary>
/// The certified books of a node's symbols: from changes, which one receive loop per symbol brings, to what the symbol
/// is told: books of the best levels, as the partial stream brings them, and that a book is not certain and is again.
/// So the journal holds what was known, and a replay needs neither changes nor snapshots.
/// </summary>
internal sealed class CertifiedBooks(BookLevelsPool pool, int levels, int leastLevels, ILogger logger)
{
    // An unchanged top is told again this often, so that a quiet book is not a stale one.
    private const long QuietMs = 1_000;

    private volatile Entry?[] _entries = [];
    private readonly Lock _growing = new();

    /// <summary>Returns the books that some change has come for, with their symbols' indexes.</summary>
    public IEnumerable<(int SymbolIndex, CertifiedBook Book)> All => _entries
        .Select(static (entry, index) => (SymbolIndex: index, entry?.Book)).Where(
            static each => each.Book is not null)!;

    /// <summary>Takes a change of a symbol's book; <paramref name="hand"/> gives events to the symbol.</summary>
    public async ValueTask ApplyAsync(
        SymbolEntry symbol,
        int symbolIndex,
        BookDelta delta,
        Func<SymbolEntry, MarketEvent, CancellationToken, ValueTask> hand,
        CancellationToken cancellationToken)
    {
        Entry entry = Of(symbolIndex);
        CertifiedBook book = entry.Book;
        long beforeId = book.LastUpdateId;
        long beforeTime = book.LastEventTime;
        switch (book.Apply(delta))
        {
            case BookStep.Broken:
                entry.BrokenId = beforeId;
                entry.BrokenTime = beforeTime;
                Log.BookBroken(logger, symbol.Symbol.Text, beforeId, delta.PreviousLastUpdateId);
                symbol.Gauges.SetConnected(Feed.Depth, false);
                await hand(
                    symbol, MarketEvent.ForFeedDisconnected(Feed.Depth, Gap.Resync, delta.ReceiveTime),
                    cancellationToken);
                break;
            case BookStep.Restored:
                await RestoredAsync(symbol, entry, delta, hand, cancellationToken);
                break;
            case BookStep.Corrected:
                Log.BookCorrected(logger, symbol.Symbol.Text, book.Mismatches, book.Audits);
                await hand(
                    symbol, MarketEvent.ForSourceError(Feed.Depth, "audit", delta.ReceiveTime), cancellationToken);
                await TellAsync(symbol, entry, delta, hand, cancellationToken);
                break;
            case BookStep.Applied:
                await TellAsync(symbol, entry, delta, hand, cancellationToken);
                break;
            default:
                break;
        }
    }

    private async ValueTask RestoredAsync(
        SymbolEntry symbol,
        Entry entry,
        BookDelta delta,
        Func<SymbolEntry, MarketEvent, CancellationToken, ValueTask> hand,
        CancellationToken cancellationToken)
    {
        if (entry.BrokenTime > 0)
        {
            Gap gap = new(
                Feed.Depth, entry.BrokenId + 1, delta.LastUpdateId - 1, entry.BrokenTime, delta.EventTime, "sequence");
            await hand(symbol, MarketEvent.ForGap(gap, delta.ReceiveTime), cancellationToken);
            entry.BrokenTime = 0;
        }

        Log.BookRestored(logger, symbol.Symbol.Text, delta.LastUpdateId);
        symbol.Gauges.SetConnected(Feed.Depth, true);
        await hand(symbol, MarketEvent.ForFeedConnected(Feed.Depth, delta.ReceiveTime), cancellationToken);
        await TellAsync(symbol, entry, delta, hand, cancellationToken);
    }

    private ValueTask TellAsync(
        SymbolEntry symbol,
        Entry entry,
        in BookDelta delta,
        Func<SymbolEntry, MarketEvent, CancellationToken, ValueTask> hand,
        CancellationToken cancellationToken)
    {
        BookLevels top = pool.Rent();
        entry.Book.CopyBest(top);
        if (!entry.IsNew(top) && delta.ReceiveTime - entry.ToldTime < QuietMs)
        {
            pool.Return(top);
            return default;
        }

        entry.Told(top, delta.ReceiveTime);
        return hand(
            symbol, MarketEvent.ForBook(delta.EventTime, delta.ReceiveTime, delta.LastUpdateId, top),
            cancellationToken);
    }

    private Entry Of(int symbolIndex)
    {
        Entry?[] entries = _entries;
        if ((uint)symbolIndex < (uint)entries.Length && entries[symbolIndex] is { } known)
        {
            return known;
        }

        lock (_growing)
        {
            entries = _entries;
            if (symbolIndex >= entries.Length)
            {
                Array.Resize(ref entries, Math.Max(16, (symbolIndex + 1) * 2));
            }

            Entry entry = entries[symbolIndex] ??= new Entry(levels, leastLevels);
            _entries = entries;
            return entry;
        }
    }

    /// <summary>One symbol's book and what was told of it.</summary>
    private sealed class Entry(int levels, int leastLevels)
    {
        private readonly PriceLevel[] _bids = new PriceLevel[levels];
        private readonly PriceLevel[] _asks = new PriceLevel[levels];
        private int _bidCount;
        private int _askCount;

        public CertifiedBook Book { get; } = new(levels, leastLevels);

        /// <summary>Update id of the last certain book before it broke.</summary>
        public long BrokenId { get; set; }

        /// <summary>Event time of that book, epoch ms; 0 while nothing is broken.</summary>
        public long BrokenTime { get; set; }

        /// <summary>When a book was told last, epoch ms.</summary>
        public long ToldTime { get; private set; }

        public bool IsNew(BookLevels top) =>
            !top.Bids.SequenceEqual(_bids.AsSpan(0, _bidCount)) || !top.Asks.SequenceEqual(_asks.AsSpan(0, _askCount));

        public void Told(BookLevels top, long receiveTime)
        {
            top.Bids.CopyTo(_bids);
            top.Asks.CopyTo(_asks);
            _bidCount = top.BidCount;
            _askCount = top.AskCount;
            ToldTime = receiveTime;
        }
    }
}
