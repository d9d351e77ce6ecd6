namespace Feeds.Simulator.Markets;

/// <summary>What a symbol is at the venue: its rules, and how its generated market behaves.</summary>
public sealed record SymbolSpec
{
    /// <summary>The venue's spelling, such as <c>BTCUSDT</c>.</summary>
    public required string Symbol { get; init; }

    /// <summary>The asset that is traded, such as <c>BTC</c>.</summary>
    public required string BaseAsset { get; init; }

    /// <summary>The asset that prices are in.</summary>
    public string QuoteAsset { get; init; } = "USDT";

    /// <summary>Digits after the point of every price; one price unit is 10^−this. Range 0 to 8.</summary>
    public int PriceDecimals { get; init; } = 4;

    /// <summary>Smallest price step in price units; at least 1.</summary>
    public int TickUnits { get; init; } = 1;

    /// <summary>Digits after the point of every quantity; the step is 10^−this. Range 0 to 8.</summary>
    public int QuantityDecimals { get; init; }

    /// <summary>The price around which the generated market moves, in quote currency.</summary>
    public double BasePrice { get; init; } = 1;

    /// <summary>Aggregate trades per second, averaged over a day; bursts have several times as many.</summary>
    public double TradesPerSecond { get; init; } = 0.5;

    /// <summary>Value of a middling trade in quote currency.</summary>
    public double TypicalTradeValue { get; init; } = 300;

    /// <summary>Value that a middling price level of the book holds, in quote currency.</summary>
    public double TypicalLevelValue { get; init; } = 4000;

    /// <summary>Log return of the symbol per log return of the market as a whole.</summary>
    public double Beta { get; init; } = 1.2;

    /// <summary>Standard deviation of the symbol's own log return over a day, beside the market's.</summary>
    public double DailyVolatility { get; init; } = 0.03;

    /// <summary>Share of prices near the touch that hold orders, in (0, 1].</summary>
    public double BookDensity { get; init; } = 0.8;

    /// <summary>Open interest around which the generated one moves, in quote currency.</summary>
    public double OpenInterestValue { get; init; } = 2e7;

    /// <summary>Hours between two funding settlements: 1, 2, 4 or 8.</summary>
    public int FundingIntervalHours { get; init; } = 4;

    /// <summary>The venue's status; only <c>TRADING</c> symbols have a market.</summary>
    public string Status { get; init; } = "TRADING";

    /// <summary>The venue's contract type.</summary>
    public string ContractType { get; init; } = "PERPETUAL";

    /// <summary>The venue's kind of underlying.</summary>
    public string UnderlyingType { get; init; } = "COIN";

    /// <summary>First day of trading, epoch ms; nothing is known before it.</summary>
    public long OnboardTime { get; init; } = 1577836800000;

    /// <summary>True when the symbol has a market.</summary>
    public bool Trades => Status == "TRADING";

    /// <summary>The pair of the symbol: the name without a delivery date.</summary>
    public string Pair => Symbol.IndexOf('_', StringComparison.Ordinal) is var at and > 0 ? Symbol[..at] : Symbol;
}
