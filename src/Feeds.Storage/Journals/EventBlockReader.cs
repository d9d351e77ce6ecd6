using Feeds.Core.Books;
using Feeds.Core.Market;
using Feeds.Core.Numerics;

namespace Feeds.Storage.Journals;

/// <summary>Gives the events of a block back, in order. Its buffers are used again from block to block.</summary>
internal sealed class EventBlockReader
{
    private readonly BookDeltaReader _books = new();
    private readonly BookDeltaReader _quotes = new();
    private readonly NumberColumnReader _bookPrices = new(isDistance: true);
    private readonly NumberColumnReader _bookQuantities = new(isDistance: false);
    private readonly NumberColumnReader _quotePrices = new(isDistance: true);
    private readonly NumberColumnReader _quoteQuantities = new(isDistance: false);
    private readonly NumberColumnReader _tradePrices = new(isDistance: true);
    private readonly NumberColumnReader _tradeQuantities = new(isDistance: false);
    private readonly NumberColumnReader _tradeOtherQuantities = new(isDistance: false);
    private readonly NumberColumnReader _markPrices = new(isDistance: true);
    private readonly NumberColumnReader _indexPrices = new(isDistance: true);
    private readonly NumberColumnReader _fundingRates = new(isDistance: true);
    private readonly NumberColumnReader _liquidations = new(isDistance: false);
    private double _tradePrice;
    private double _markPrice;
    private double _indexPrice;
    private double _fundingRate;

    /// <summary>Reads a block; events that the visitor does not want are passed over.</summary>
    /// <exception cref="JournalFormatException">
    /// The content is not what the form says; the events before were visited.
    /// </exception>
    /// <exception cref="JournalVersionException">It is of a newer program.</exception>
    public void Read(ushort version, ReadOnlySpan<byte> content, in BlockEntry entry, IJournalVisitor visitor)
    {
        if (version != EventBlockWriter.Version)
        {
            throw new JournalVersionException(
                $"the journal has blocks of version {version}, this program knows {EventBlockWriter.Version}: use "
                + "a newer program");
        }

        Columns columns = new(content);
        Load(ref columns);
        long wanted = visitor.NextSequence(entry.Symbol);
        long receiveTime = 0;
        for (int i = 0; i < entry.Count; i++)
        {
            byte head = columns.Kinds.ReadByte();
            receiveTime += columns.ReceiveTimes.ReadSigned();
            long eventTime = receiveTime - columns.Latencies.ReadSigned();
            MarketEvent e = ReadBody(head, eventTime, receiveTime, ref columns);
            if ((head & EventBlockWriter.ExtrasFlag) != 0)
            {
                e = WithExtras(e, ref columns.Extras);
            }

            if (entry.FirstSequence + i >= wanted)
            {
                visitor.Visit(entry.Symbol, entry.FirstSequence + i, e);
            }
        }

        if (columns.Kinds.Remaining > 0)
        {
            throw new JournalFormatException($"a block has {columns.Kinds.Remaining} events more than its header says");
        }
    }

    private void Load(ref Columns columns)
    {
        _books.Clear();
        _quotes.Clear();
        _bookPrices.Load(columns.BookPrices, columns.BookSteps.Remaining);
        _bookQuantities.Load(columns.BookQuantities, columns.BookSteps.Remaining);
        _quotePrices.Load(columns.QuotePrices, columns.QuoteSteps.Remaining);
        _quoteQuantities.Load(columns.QuoteQuantities, columns.QuoteSteps.Remaining);
        int count = columns.Kinds.Remaining;
        _tradePrices.Load(columns.TradePrices, count);
        _tradeQuantities.Load(columns.TradeQuantities, count);
        _tradeOtherQuantities.Load(columns.TradeOtherQuantities, count);
        _markPrices.Load(columns.MarkPrices, count);
        _indexPrices.Load(columns.IndexPrices, count);
        _fundingRates.Load(columns.FundingRates, count);
        _liquidations.Load(columns.Liquidations, 3 * count);
        _tradePrice = _markPrice = _indexPrice = _fundingRate = 0;
    }

    private MarketEvent ReadBody(byte head, long eventTime, long receiveTime, ref Columns columns)
    {
        EventKind kind = (EventKind)(head & EventBlockWriter.KindMask);
        switch (kind)
        {
            case EventKind.Book:
                columns.BookId += columns.BookIds.ReadSigned();
                BookLevels book = _books.Next(ref columns.BookSteps, _bookPrices, _bookQuantities);
                return MarketEvent.ForBook(eventTime, receiveTime, columns.BookId, book);
            case EventKind.Quote:
                columns.QuoteId += columns.QuoteIds.ReadSigned();
                BookLevels quote = _quotes.Next(ref columns.QuoteSteps, _quotePrices, _quoteQuantities);
                return MarketEvent.ForQuote(eventTime, receiveTime, columns.QuoteId, quote);
            case EventKind.Trade:
                return ReadTrade(head, eventTime, receiveTime, ref columns);
            case EventKind.Mark or EventKind.Premium:
                return ReadMark(kind, eventTime, receiveTime, ref columns);
            case EventKind.Liquidation:
                return MarketEvent.ForLiquidation(
                    eventTime, receiveTime, SideOf(head), _liquidations.Next(), _liquidations.Next(),
                    _liquidations.Next());
            case EventKind.Tick:
                return MarketEvent.ForTick(eventTime, receiveTime);
            case EventKind.TickSkipped:
                return MarketEvent.ForTickSkipped(eventTime, receiveTime);
            default:
                return ReadSlow(kind, head, eventTime, receiveTime, ref columns.Slow);
        }
    }

    private MarketEvent ReadTrade(byte head, long eventTime, long receiveTime, ref Columns columns)
    {
        columns.TradeId += columns.TradeIds.ReadSigned() + 1;
        ulong count = columns.TradeCounts.ReadUnsigned();
        _tradePrice = _tradePrices.Next(_tradePrice);
        double quantity = _tradeQuantities.Next();
        double other = (count & 1) == 0 ? quantity : _tradeOtherQuantities.Next();
        return MarketEvent.ForTrade(
            eventTime, receiveTime, columns.TradeId, _tradePrice, quantity, other, SideOf(head), (int)(count >> 1),
            (head & EventBlockWriter.StreamFlag) != 0);
    }

    private MarketEvent ReadMark(EventKind kind, long eventTime, long receiveTime, ref Columns columns)
    {
        columns.FundingTime += columns.FundingTimes.ReadSigned();
        _markPrice = _markPrices.Next(_markPrice);
        _indexPrice = _indexPrices.Next(_indexPrice);
        _fundingRate = _fundingRates.Next(_fundingRate);
        return kind == EventKind.Mark
            ? MarketEvent.ForMark(eventTime, receiveTime, _markPrice, _indexPrice, _fundingRate, columns.FundingTime)
            : MarketEvent.ForPremium(
                eventTime, receiveTime, _markPrice, _indexPrice, _fundingRate, columns.FundingTime);
    }

    private static MarketEvent ReadSlow(
        EventKind kind, byte head, long eventTime, long receiveTime, ref ByteColumnReader slow)
    {
        int length = slow.ReadCount(slow.Remaining);
        StateReader reader = new(slow.Take(length));
        try
        {
            MarketEvent e = SlowRecordCodec.Read(
                kind, eventTime, receiveTime, (head & EventBlockWriter.StreamFlag) != 0, ref reader);
            return reader.Remaining == 0
                ? e
                : throw new JournalFormatException($"a {kind} record has {reader.Remaining} bytes too many");
        }
        catch (StateFormatException e)
        {
            throw new JournalFormatException($"a {kind} record cannot be read: {e.Message}", e);
        }
    }

    private static MarketEvent WithExtras(in MarketEvent e, ref ByteColumnReader extras)
    {
        int duplicates = extras.ReadCount(ushort.MaxValue);
        long conflated = extras.ReadSigned();
        MarketEvent result = duplicates == 0 ? e : e.WithDuplicates((ushort)duplicates);
        return conflated != 0 && e.Kind is EventKind.Book or EventKind.Quote
            ? result.WithConflated((int)conflated) : result;
    }

    private static Side SideOf(byte head) => (head & EventBlockWriter.SellFlag) != 0 ? Side.Sell : Side.Buy;

    private ref struct Columns
    {
        public ByteColumnReader Kinds;
        public ByteColumnReader Extras;
        public ByteColumnReader ReceiveTimes;
        public ByteColumnReader Latencies;
        public ByteColumnReader BookIds;
        public ByteColumnReader BookSteps;
        public ByteColumnReader QuoteIds;
        public ByteColumnReader QuoteSteps;
        public ByteColumnReader TradeIds;
        public ByteColumnReader TradeCounts;
        public ByteColumnReader FundingTimes;
        public ByteColumnReader Slow;
        public ReadOnlySpan<byte> BookPrices;
        public ReadOnlySpan<byte> BookQuantities;
        public ReadOnlySpan<byte> QuotePrices;
        public ReadOnlySpan<byte> QuoteQuantities;
        public ReadOnlySpan<byte> TradePrices;
        public ReadOnlySpan<byte> TradeQuantities;
        public ReadOnlySpan<byte> TradeOtherQuantities;
        public ReadOnlySpan<byte> MarkPrices;
        public ReadOnlySpan<byte> IndexPrices;
        public ReadOnlySpan<byte> FundingRates;
        public ReadOnlySpan<byte> Liquidations;
        public long BookId;
        public long QuoteId;
        public long TradeId;
        public long FundingTime;

        // In the order in which the writer finishes them.
        public Columns(ReadOnlySpan<byte> content)
        {
            ByteColumnReader all = new(content);
            Kinds = new ByteColumnReader(Next(ref all));
            Extras = new ByteColumnReader(Next(ref all));
            ReceiveTimes = new ByteColumnReader(Next(ref all));
            Latencies = new ByteColumnReader(Next(ref all));
            BookIds = new ByteColumnReader(Next(ref all));
            BookSteps = new ByteColumnReader(Next(ref all));
            BookPrices = Next(ref all);
            BookQuantities = Next(ref all);
            QuoteIds = new ByteColumnReader(Next(ref all));
            QuoteSteps = new ByteColumnReader(Next(ref all));
            QuotePrices = Next(ref all);
            QuoteQuantities = Next(ref all);
            TradeIds = new ByteColumnReader(Next(ref all));
            TradeCounts = new ByteColumnReader(Next(ref all));
            TradePrices = Next(ref all);
            TradeQuantities = Next(ref all);
            TradeOtherQuantities = Next(ref all);
            FundingTimes = new ByteColumnReader(Next(ref all));
            MarkPrices = Next(ref all);
            IndexPrices = Next(ref all);
            FundingRates = Next(ref all);
            Liquidations = Next(ref all);
            Slow = new ByteColumnReader(Next(ref all));
        }

        private static ReadOnlySpan<byte> Next(scoped ref ByteColumnReader all) =>
            all.Take(all.ReadCount(all.Remaining));
    }
}
