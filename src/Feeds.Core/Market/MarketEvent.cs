using System.Diagnostics;
using System.Runtime.InteropServices;
using Feeds.Core.Books;

namespace Feeds.Core.Market;

/// <summary>
/// One fact about a symbol, in 64 bytes: what an actor takes from its mailbox, what the journal holds, what the fold
/// applies. Fast facts (trades, marks, liquidations) lie in the struct itself; books in a pooled buffer; slow records
/// in an immutable object. Made by the factories, read by the properties, each of which says for which kinds it holds.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct MarketEvent
{
    private readonly object? _payload;
    private readonly EventKind _kind;
    private readonly byte _flags;
    private readonly ushort _duplicates;
    private readonly int _count;
    private readonly long _eventTime;
    private readonly long _receiveTime;
    private readonly long _id;
    private readonly double _a;
    private readonly double _b;
    private readonly double _c;

    private MarketEvent(
        EventKind kind,
        long eventTime,
        long receiveTime,
        long id = 0,
        double a = 0,
        double b = 0,
        double c = 0,
        object? payload = null,
        byte flags = 0,
        int count = 0,
        ushort duplicates = 0)
    {
        _payload = payload;
        _kind = kind;
        _flags = flags;
        _duplicates = duplicates;
        _count = count;
        _eventTime = eventTime;
        _receiveTime = receiveTime;
        _id = id;
        _a = a;
        _b = b;
        _c = c;
    }

    /// <summary>What the event states.</summary>
    public EventKind Kind => _kind;

    /// <summary>
    /// The exchange's clock, epoch ms, UTC: the matching engine's time where the message has it, else the push time.
    /// </summary>
    public long EventTime => _eventTime;

    /// <summary>Our clock when the frame or the answer was read, epoch ms, UTC.</summary>
    public long ReceiveTime => _receiveTime;

    /// <summary>
    /// Duplicates and late books of this symbol that were dropped since the event before this one; at most 65 535, the
    /// rest rides on later events.
    /// </summary>
    public ushort Duplicates => _duplicates;

    /// <summary>
    /// True when the event came over a stream, false when it was polled, made by the node or filled in later.
    /// </summary>
    public bool IsFromStream => (_flags & FromStreamFlag) != 0;

    /// <summary>Book, Quote: the levels, best first; the buffer is pooled and valid until it is returned.</summary>
    public BookLevels Levels => Payload<BookLevels>(EventKind.Book, EventKind.Quote);

    /// <summary>Book, Quote: the last update id (<c>u</c>).</summary>
    public long LastUpdateId => Id(EventKind.Book, EventKind.Quote);

    /// <summary>Book, Quote: how many newer books replaced this one's waiting predecessors in the mailbox.</summary>
    public int Conflated => _kind is EventKind.Book or EventKind.Quote ? _count : 0;

    /// <summary>Trade: the aggregate trade id (<c>a</c>), consecutive per symbol.</summary>
    public long TradeId => Id(EventKind.Trade);

    /// <summary>Trade: how many single trades it aggregates, at least 1.</summary>
    public int TradeCount => _kind == EventKind.Trade ? _count : 0;

    /// <summary>Trade: price; Liquidation: achieved average price (<c>ap</c>). Quote currency, above 0.</summary>
    public double Price => Value(_a, EventKind.Trade, EventKind.Liquidation);

    /// <summary>
    /// Trade: quantity (<c>q</c>); Liquidation: accumulated filled quantity (<c>z</c>). Base asset, at least 0.
    /// </summary>
    public double Quantity => Value(_b, EventKind.Trade, EventKind.Liquidation);

    /// <summary>
    /// Trade: quantity without retail-price-improvement trades (<c>nq</c>); equals <see cref="Quantity"/> where not
    /// sent.
    /// </summary>
    public double QuantityWithoutRpi => Value(_c, EventKind.Trade, EventKind.Trade);

    /// <summary>Liquidation: the order's quantity (<c>q</c>), base asset.</summary>
    public double OrderQuantity => Value(_c, EventKind.Liquidation, EventKind.Liquidation);

    /// <summary>Trade: the taker's side; Liquidation: the order's side (Sell closes a long).</summary>
    public Side Side => (Side)(_flags & SideFlag);

    /// <summary>Mark, Premium: mark price, quote currency, above 0.</summary>
    public double MarkPrice => Value(_a, EventKind.Mark, EventKind.Premium);

    /// <summary>Mark, Premium: index price, quote currency, above 0.</summary>
    public double IndexPrice => Value(_b, EventKind.Mark, EventKind.Premium);

    /// <summary>
    /// Mark, Premium: the running estimate for the next settlement, fraction per interval; NaN when absent.
    /// </summary>
    public double PredictedFundingRate => Value(_c, EventKind.Mark, EventKind.Premium);

    /// <summary>Mark, Premium: the next settlement's time, epoch ms; 0 when absent.</summary>
    public long NextFundingTime => Id(EventKind.Mark, EventKind.Premium);

    /// <summary>Bar, MarkBar, IndexBar: the closed bar.</summary>
    public Bar Bar => Payload<Bar>(EventKind.Bar, EventKind.MarkBar, EventKind.IndexBar);

    /// <summary>ContextBar: the closed bar and whose it is.</summary>
    public ContextBar ContextBar => Payload<ContextBar>(EventKind.ContextBar, EventKind.ContextBar);

    /// <summary>OpenInterest: the record.</summary>
    public OpenInterestRecord OpenInterest =>
        Payload<OpenInterestRecord>(EventKind.OpenInterest, EventKind.OpenInterest);

    /// <summary>Funding: the settlement.</summary>
    public FundingSettlement Funding => Payload<FundingSettlement>(EventKind.Funding, EventKind.Funding);

    /// <summary>LongShortRatio: the record.</summary>
    public LongShortRatio LongShortRatio => Payload<LongShortRatio>(EventKind.LongShortRatio, EventKind.LongShortRatio);

    /// <summary>TakerRatio: the record.</summary>
    public TakerRatio TakerRatio => Payload<TakerRatio>(EventKind.TakerRatio, EventKind.TakerRatio);

    /// <summary>Settings: what holds from here on.</summary>
    public SymbolSettings Settings => Payload<SymbolSettings>(EventKind.Settings, EventKind.Settings);

    /// <summary>Gap: the missing stretch.</summary>
    public Gap Gap => Payload<Gap>(EventKind.Gap, EventKind.Gap);

    /// <summary>ClockOffset: the exchange's clock minus ours, ms.</summary>
    public double ClockOffsetMs => Value(_a, EventKind.ClockOffset, EventKind.ClockOffset);

    /// <summary>
    /// Recovered: our clock when the last event before the stop was received, epoch ms; 0 when there was none.
    /// </summary>
    public long LastReceiveTime => Id(EventKind.Recovered);

    /// <summary>FeedConnected, FeedDisconnected, SourceError: which feed.</summary>
    public Feed Feed => (Feed)Id(EventKind.FeedConnected, EventKind.FeedDisconnected, EventKind.SourceError);

    /// <summary>FeedDisconnected, SourceError: why, one word such as <c>http_429</c>.</summary>
    public string Reason => Payload<string>(EventKind.FeedDisconnected, EventKind.SourceError);

    private const byte SideFlag = 1;
    private const byte FromStreamFlag = 2;

    /// <summary>Settings that hold from here on.</summary>
    public static MarketEvent ForSettings(SymbolSettings settings, long time) =>
        new(EventKind.Settings, time, time, payload: settings);

    /// <summary>
    /// A tick of the row grid at <paramref name="tickTime"/>, made at <paramref name="receiveTime"/> by our clock.
    /// </summary>
    public static MarketEvent ForTick(long tickTime, long receiveTime) => new(EventKind.Tick, tickTime, receiveTime);

    /// <summary>A tick that passed without a row.</summary>
    public static MarketEvent ForTickSkipped(long tickTime, long receiveTime) =>
        new(EventKind.TickSkipped, tickTime, receiveTime);

    /// <summary>A book of the best levels; the event now holds the buffer.</summary>
    public static MarketEvent ForBook(long eventTime, long receiveTime, long lastUpdateId, BookLevels levels) =>
        new(EventKind.Book, eventTime, receiveTime, lastUpdateId, payload: levels, flags: FromStreamFlag);

    /// <summary>Best bid and ask, as a book of one level a side; the event now holds the buffer.</summary>
    public static MarketEvent ForQuote(long eventTime, long receiveTime, long lastUpdateId, BookLevels levels) =>
        new(EventKind.Quote, eventTime, receiveTime, lastUpdateId, payload: levels, flags: FromStreamFlag);

    /// <summary>An aggregate trade; <paramref name="isFromStream"/> is false for one that REST filled in.</summary>
    public static MarketEvent ForTrade(
        long eventTime,
        long receiveTime,
        long tradeId,
        double price,
        double quantity,
        double quantityWithoutRpi,
        Side aggressorSide,
        int tradeCount = 1,
        bool isFromStream = true) =>
        new(
            EventKind.Trade,
            eventTime,
            receiveTime,
            tradeId,
            price,
            quantity,
            quantityWithoutRpi,
            flags: (byte)((byte)aggressorSide | (isFromStream ? FromStreamFlag : 0)),
            count: tradeCount);

    /// <summary>
    /// Mark and index price from the stream; NaN for an absent rate, 0 for an absent next funding time.
    /// </summary>
    public static MarketEvent ForMark(
        long eventTime,
        long receiveTime,
        double markPrice,
        double indexPrice,
        double predictedFundingRate,
        long nextFundingTime) =>
        new(
            EventKind.Mark,
            eventTime,
            receiveTime,
            nextFundingTime,
            markPrice,
            indexPrice,
            predictedFundingRate,
            flags: FromStreamFlag);

    /// <summary>The polled premium index; the same values as a mark.</summary>
    public static MarketEvent ForPremium(
        long eventTime,
        long receiveTime,
        double markPrice,
        double indexPrice,
        double predictedFundingRate,
        long nextFundingTime) =>
        new(EventKind.Premium, eventTime, receiveTime, nextFundingTime, markPrice, indexPrice, predictedFundingRate);

    /// <summary>A liquidation order.</summary>
    public static MarketEvent ForLiquidation(
        long eventTime, long receiveTime, Side side, double averagePrice, double filledQuantity,
        double orderQuantity) =>
        new(
            EventKind.Liquidation,
            eventTime,
            receiveTime,
            0,
            averagePrice,
            filledQuantity,
            orderQuantity,
            flags: (byte)((byte)side | FromStreamFlag));

    /// <summary>
    /// A closed bar; from a stream, <paramref name="eventTime"/> is the push time, else the bar's end.
    /// </summary>
    public static MarketEvent ForBar(Bar bar, long eventTime, long receiveTime, bool isFromStream) =>
        new(
            EventKind.Bar,
            eventTime,
            receiveTime,
            bar.OpenTime,
            payload: bar,
            flags: isFromStream ? FromStreamFlag : (byte)0);

    /// <summary>A closed bar of another symbol.</summary>
    public static MarketEvent ForContextBar(ContextBar bar, long receiveTime) =>
        new(EventKind.ContextBar, bar.Bar.EndTime, receiveTime, bar.Bar.OpenTime, payload: bar);

    /// <summary>An open-interest record; <paramref name="eventTime"/> is its own stamp.</summary>
    public static MarketEvent ForOpenInterest(OpenInterestRecord record, long eventTime, long receiveTime) =>
        new(EventKind.OpenInterest, eventTime, receiveTime, payload: record);

    /// <summary>A funding settlement.</summary>
    public static MarketEvent ForFunding(FundingSettlement settlement, long receiveTime) =>
        new(EventKind.Funding, settlement.FundingTime, receiveTime, payload: settlement);

    /// <summary>A long/short ratio; <paramref name="eventTime"/> is its own stamp.</summary>
    public static MarketEvent ForLongShortRatio(LongShortRatio ratio, long eventTime, long receiveTime) =>
        new(EventKind.LongShortRatio, eventTime, receiveTime, payload: ratio);

    /// <summary>A taker ratio; <paramref name="eventTime"/> is its own stamp.</summary>
    public static MarketEvent ForTakerRatio(TakerRatio ratio, long eventTime, long receiveTime) =>
        new(EventKind.TakerRatio, eventTime, receiveTime, payload: ratio);

    /// <summary>A closed bar of the mark price, as history has it; only its close carries meaning.</summary>
    public static MarketEvent ForMarkBar(Bar bar, long receiveTime) =>
        new(EventKind.MarkBar, bar.EndTime, receiveTime, bar.OpenTime, payload: bar);

    /// <summary>A closed bar of the index price, as history has it; only its close carries meaning.</summary>
    public static MarketEvent ForIndexBar(Bar bar, long receiveTime) =>
        new(EventKind.IndexBar, bar.EndTime, receiveTime, bar.OpenTime, payload: bar);

    /// <summary>The exchange's clock minus ours, ms, as measured.</summary>
    public static MarketEvent ForClockOffset(double offsetMs, long receiveTime) =>
        new(EventKind.ClockOffset, receiveTime, receiveTime, a: offsetMs);

    /// <summary>A feed began to be received.</summary>
    public static MarketEvent ForFeedConnected(Feed feed, long receiveTime) =>
        new(EventKind.FeedConnected, receiveTime, receiveTime, (long)feed);

    /// <summary>A feed ceased to be received.</summary>
    public static MarketEvent ForFeedDisconnected(Feed feed, string reason, long receiveTime) =>
        new(EventKind.FeedDisconnected, receiveTime, receiveTime, (long)feed, payload: reason);

    /// <summary>A source failed for this symbol.</summary>
    public static MarketEvent ForSourceError(Feed feed, string reason, long receiveTime) =>
        new(EventKind.SourceError, receiveTime, receiveTime, (long)feed, payload: reason);

    /// <summary>A stretch of a feed is missing.</summary>
    public static MarketEvent ForGap(Gap gap, long receiveTime) =>
        new(EventKind.Gap, receiveTime, receiveTime, payload: gap);

    /// <summary>The symbol came back; nothing was seen between the two times.</summary>
    public static MarketEvent ForRecovered(long lastReceiveTime, long now) =>
        new(EventKind.Recovered, now, now, lastReceiveTime);

    /// <summary>Returns the same event with the number of duplicates dropped before it.</summary>
    public MarketEvent WithDuplicates(ushort duplicates) =>
        new(_kind, _eventTime, _receiveTime, _id, _a, _b, _c, _payload, _flags, _count, duplicates);

    /// <summary>Book, Quote: returns the same event with the number of books it replaced in the mailbox.</summary>
    public MarketEvent WithConflated(int conflated)
    {
        Debug.Assert(_kind is EventKind.Book or EventKind.Quote, "only books and quotes conflate");
        return new(_kind, _eventTime, _receiveTime, _id, _a, _b, _c, _payload, _flags, conflated, _duplicates);
    }

    private T Payload<T>(EventKind first, EventKind second, EventKind third = EventKind.None)
        where T : class
    {
        Debug.Assert(_kind == first || _kind == second || _kind == third, "the property does not hold for this kind");
        return (T)_payload!;
    }

    private double Value(double value, EventKind first, EventKind second)
    {
        Debug.Assert(_kind == first || _kind == second, "the property does not hold for this kind");
        return value;
    }

    private long Id(EventKind first, EventKind second = EventKind.None, EventKind third = EventKind.None)
    {
        Debug.Assert(_kind == first || _kind == second || _kind == third, "the property does not hold for this kind");
        return _id;
    }
}
