using Feeds.Core.Market;
using Feeds.Core.Numerics;

namespace Feeds.Storage.Journals;

/// <summary>
/// Gathers the events of one symbol by column for a block of a sealed segment. Nothing is compressed here; columns of
/// like bytes are what makes them compress well. docs/formats/journal.md has every column.
/// </summary>
internal sealed class EventBlockWriter
{
    /// <summary>The version of the columns.</summary>
    public const ushort Version = 1;

    /// <summary>How many columns there are.</summary>
    public const int ColumnCount = 23;

    public const byte SellFlag = 0x20;
    public const byte StreamFlag = 0x40;
    public const byte ExtrasFlag = 0x80;
    public const byte KindMask = 0x1F;

    private readonly ByteColumn _kinds = new();
    private readonly ByteColumn _extras = new();
    private readonly ByteColumn _receiveTimes = new();
    private readonly ByteColumn _latencies = new();
    private readonly ByteColumn _bookIds = new();
    private readonly ByteColumn _bookSteps = new();
    private readonly NumberColumn _bookPrices = new(isDistance: true);
    private readonly NumberColumn _bookQuantities = new(isDistance: false);
    private readonly ByteColumn _quoteIds = new();
    private readonly ByteColumn _quoteSteps = new();
    private readonly NumberColumn _quotePrices = new(isDistance: true);
    private readonly NumberColumn _quoteQuantities = new(isDistance: false);
    private readonly ByteColumn _tradeIds = new();
    private readonly ByteColumn _tradeCounts = new();
    private readonly NumberColumn _tradePrices = new(isDistance: true);
    private readonly NumberColumn _tradeQuantities = new(isDistance: false);
    private readonly NumberColumn _tradeOtherQuantities = new(isDistance: false);
    private readonly ByteColumn _fundingTimes = new();
    private readonly NumberColumn _markPrices = new(isDistance: true);
    private readonly NumberColumn _indexPrices = new(isDistance: true);
    private readonly NumberColumn _fundingRates = new(isDistance: true);
    private readonly NumberColumn _liquidations = new(isDistance: false);
    private readonly ByteColumn _slow = new();
    private readonly BookDeltaWriter _books;
    private readonly BookDeltaWriter _quotes;
    private readonly ByteColumn _scratch = new();
    private readonly StateWriter _body = new();
    private long _lastReceiveTime;
    private long _lastBookId;
    private long _lastQuoteId;
    private long _lastTradeId;
    private long _lastFundingTime;
    private double _lastTradePrice;
    private double _lastMarkPrice;
    private double _lastIndexPrice;
    private double _lastFundingRate;

    public EventBlockWriter()
    {
        _books = new BookDeltaWriter(_bookSteps, _bookPrices, _bookQuantities);
        _quotes = new BookDeltaWriter(_quoteSteps, _quotePrices, _quoteQuantities);
    }

    /// <summary>How many events there are.</summary>
    public int Count { get; private set; }

    /// <summary>Sequence of the first event.</summary>
    public long FirstSequence { get; private set; }

    /// <summary>Receive time of the first event, epoch ms.</summary>
    public long FirstTime { get; private set; }

    /// <summary>Receive time of the last event, epoch ms.</summary>
    public long LastTime => _lastReceiveTime;

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        foreach (ByteColumn column in (ReadOnlySpan<ByteColumn>)
            [
                _kinds, _extras, _receiveTimes, _latencies, _bookIds, _bookSteps, _quoteIds, _quoteSteps, _tradeIds,
                _tradeCounts,
                _fundingTimes, _slow,
            ])
        {
            column.Clear();
        }

        foreach (NumberColumn column in (ReadOnlySpan<NumberColumn>)
            [
                _bookPrices, _bookQuantities, _quotePrices, _quoteQuantities, _tradePrices, _tradeQuantities,
                _tradeOtherQuantities,
                _markPrices, _indexPrices, _fundingRates, _liquidations,
            ])
        {
            column.Clear();
        }

        _books.Clear();
        _quotes.Clear();
        Count = 0;
        _lastReceiveTime = _lastBookId = _lastQuoteId = _lastTradeId = _lastFundingTime = 0;
        _lastTradePrice = _lastMarkPrice = _lastIndexPrice = _lastFundingRate = 0;
    }

    /// <summary>Adds an event; the first one's sequence is the block's.</summary>
    public void Add(long sequence, in MarketEvent e)
    {
        if (Count++ == 0)
        {
            FirstSequence = sequence;
            FirstTime = e.ReceiveTime;
        }

        bool hasExtras = e.Duplicates != 0 || e.Conflated != 0;
        bool isSell = e.Kind is EventKind.Trade or EventKind.Liquidation && e.Side == Side.Sell;
        _kinds.Add(
            (byte)((byte)e.Kind | (isSell ? SellFlag : 0) | (e.IsFromStream ? StreamFlag : 0)
                | (hasExtras ? ExtrasFlag : 0)));
        if (hasExtras)
        {
            _extras.AddUnsigned(e.Duplicates);
            _extras.AddSigned(e.Conflated);
        }

        _receiveTimes.AddSigned(e.ReceiveTime - _lastReceiveTime);
        _lastReceiveTime = e.ReceiveTime;
        _latencies.AddSigned(e.ReceiveTime - e.EventTime);
        AddBody(e);
    }

    /// <summary>Writes all columns, each after its length; then the block is begun anew.</summary>
    public void Finish(ByteColumn output)
    {
        Write(_kinds, output);
        Write(_extras, output);
        Write(_receiveTimes, output);
        Write(_latencies, output);
        Write(_bookIds, output);
        Write(_bookSteps, output);
        Write(_bookPrices, output);
        Write(_bookQuantities, output);
        Write(_quoteIds, output);
        Write(_quoteSteps, output);
        Write(_quotePrices, output);
        Write(_quoteQuantities, output);
        Write(_tradeIds, output);
        Write(_tradeCounts, output);
        Write(_tradePrices, output);
        Write(_tradeQuantities, output);
        Write(_tradeOtherQuantities, output);
        Write(_fundingTimes, output);
        Write(_markPrices, output);
        Write(_indexPrices, output);
        Write(_fundingRates, output);
        Write(_liquidations, output);
        Write(_slow, output);
        Clear();
    }

    private void AddBody(in MarketEvent e)
    {
        switch (e.Kind)
        {
            case EventKind.Book:
                _bookIds.AddSigned(e.LastUpdateId - _lastBookId);
                _lastBookId = e.LastUpdateId;
                _books.Add(e.Levels);
                break;
            case EventKind.Quote:
                _quoteIds.AddSigned(e.LastUpdateId - _lastQuoteId);
                _lastQuoteId = e.LastUpdateId;
                _quotes.Add(e.Levels);
                break;
            case EventKind.Trade:
                AddTrade(e);
                break;
            case EventKind.Mark or EventKind.Premium:
                AddMark(e);
                break;
            case EventKind.Liquidation:
                _liquidations.Add(e.Price);
                _liquidations.Add(e.Quantity);
                _liquidations.Add(e.OrderQuantity);
                break;
            case EventKind.Tick or EventKind.TickSkipped:
                break;
            default:
                _body.Reset();
                SlowRecordCodec.Write(e, _body);
                _slow.AddUnsigned((ulong)_body.Written.Length);
                _slow.Add(_body.Written);
                break;
        }
    }

    private void AddTrade(in MarketEvent e)
    {
        // Ids follow one another, so the distance is nearly always 1 and written as 0.
        _tradeIds.AddSigned(e.TradeId - _lastTradeId - 1);
        _lastTradeId = e.TradeId;
        bool sameQuantity =
            BitConverter.DoubleToInt64Bits(e.Quantity) == BitConverter.DoubleToInt64Bits(e.QuantityWithoutRpi);
        _tradeCounts.AddUnsigned(((ulong)(uint)e.TradeCount << 1) | (sameQuantity ? 0u : 1u));
        _tradePrices.Add(e.Price, _lastTradePrice);
        _lastTradePrice = e.Price;
        _tradeQuantities.Add(e.Quantity);
        if (!sameQuantity)
        {
            _tradeOtherQuantities.Add(e.QuantityWithoutRpi);
        }
    }

    private void AddMark(in MarketEvent e)
    {
        _fundingTimes.AddSigned(e.NextFundingTime - _lastFundingTime);
        _lastFundingTime = e.NextFundingTime;
        _markPrices.Add(e.MarkPrice, _lastMarkPrice);
        _lastMarkPrice = e.MarkPrice;
        _indexPrices.Add(e.IndexPrice, _lastIndexPrice);
        _lastIndexPrice = e.IndexPrice;
        _fundingRates.Add(e.PredictedFundingRate, _lastFundingRate);
        _lastFundingRate = e.PredictedFundingRate;
    }

    private static void Write(ByteColumn column, ByteColumn output)
    {
        output.AddUnsigned((ulong)column.Count);
        output.Add(column.Bytes);
    }

    private void Write(NumberColumn column, ByteColumn output)
    {
        _scratch.Clear();
        column.Write(_scratch);
        Write(_scratch, output);
    }
}
