namespace Feeds.Core.Market;

/// <summary>What a <see cref="MarketEvent"/> states; the value is stable, as journals hold it.</summary>
public enum EventKind : byte
{
    /// <summary>No event: the default value of the struct, refused at admission.</summary>
    None = 0,

    /// <summary>The settings that hold from here on; opens each incarnation of a symbol.</summary>
    Settings = 1,

    /// <summary>A tick of the row grid: emits a row.</summary>
    Tick = 2,

    /// <summary>A tick that passed without a row, because the mailbox lagged.</summary>
    TickSkipped = 3,

    /// <summary>A whole book of the best levels.</summary>
    Book = 4,

    /// <summary>Best bid and ask.</summary>
    Quote = 5,

    /// <summary>An aggregate trade.</summary>
    Trade = 6,

    /// <summary>Mark price, index price, predicted funding rate.</summary>
    Mark = 7,

    /// <summary>A liquidation order.</summary>
    Liquidation = 8,

    /// <summary>A closed one-minute bar.</summary>
    Bar = 9,

    /// <summary>A closed one-minute bar of another symbol: a reference or a sector member.</summary>
    ContextBar = 10,

    /// <summary>An open-interest record.</summary>
    OpenInterest = 11,

    /// <summary>A funding settlement.</summary>
    Funding = 12,

    /// <summary>A polled premium index: mark, index, predicted funding rate.</summary>
    Premium = 13,

    /// <summary>A long/short ratio of accounts or positions.</summary>
    LongShortRatio = 14,

    /// <summary>A taker buy/sell ratio.</summary>
    TakerRatio = 15,

    /// <summary>The measured offset between the exchange's clock and ours.</summary>
    ClockOffset = 16,

    /// <summary>A feed began to be received.</summary>
    FeedConnected = 17,

    /// <summary>A feed ceased to be received, with the reason.</summary>
    FeedDisconnected = 18,

    /// <summary>A source failed for this symbol; shows in the next row.</summary>
    SourceError = 19,

    /// <summary>A stretch of a feed is missing and known to be.</summary>
    Gap = 20,

    /// <summary>The symbol came back from its journal; nothing was seen in between.</summary>
    Recovered = 21,

    /// <summary>A closed bar of the mark price; history only.</summary>
    MarkBar = 22,

    /// <summary>A closed bar of the index price; history only.</summary>
    IndexBar = 23,
}
