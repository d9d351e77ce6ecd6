using System.Globalization;

namespace Feeds.Simulator.Markets;

/// <summary>The symbols that a generated venue knows by heart, and the making of any number of further ones.</summary>
public static class SymbolSpecs
{
    /// <summary>
    /// The symbols of the default configuration, two of 1000 units, one that is not ASCII and one that settles.
    /// </summary>
    public static IReadOnlyList<SymbolSpec> Default { get; } =
    [
        Make("BTCUSDT", "BTC", 95000, 2, 10, 3, 15, 1500, 60000, 1.0, 0.004, 0.45, 8e9, 8),
        Make("ETHUSDT", "ETH", 3200, 2, 1, 3, 12, 1000, 40000, 1.15, 0.012, 0.5, 5e9, 8),
        Make("SOLUSDT", "SOL", 180, 4, 100, 0, 7, 700, 30000, 1.3, 0.02, 0.9, 1.5e9, 8),
        Make("BNBUSDT", "BNB", 900, 3, 10, 2, 4, 600, 20000, 0.8, 0.012, 0.8, 8e8, 8),
        Make("XRPUSDT", "XRP", 2.2, 4, 1, 1, 6, 600, 50000, 1.1, 0.02, 0.95, 1.2e9, 8),
        Make("DOGEUSDT", "DOGE", 0.16, 6, 10, 0, 5, 400, 30000, 1.35, 0.025, 0.95, 7e8, 8),
        Make("PUMPUSDT", "PUMP", 0.0031, 6, 1, 0, 3, 250, 15000, 1.6, 0.05, 0.95, 2e8, 4),
        Make("LUMIAUSDT", "LUMIA", 0.124, 5, 1, 0, 0.4, 120, 1500, 1.4, 0.04, 0.6, 6e6, 4),
        Make("YFIUSDT", "YFI", 4800, 0, 1, 3, 0.2, 200, 6000, 1.2, 0.025, 0.8, 1e7, 4),
        Make("BLASTUSDT", "BLAST", 0.00112, 7, 1, 0, 0.3, 100, 1200, 1.5, 0.04, 0.7, 4e6, 4),
        Make("ANIMEUSDT", "ANIME", 0.0092, 6, 1, 0, 0.5, 120, 1500, 1.6, 0.05, 0.8, 8e6, 4),
        Make("1000SHIBUSDT", "1000SHIB", 0.0088, 6, 1, 0, 2.5, 300, 12000, 1.3, 0.02, 0.95, 1e8, 8),
        Make("1000PEPEUSDT", "1000PEPE", 0.0046, 7, 1, 0, 4, 350, 12000, 1.6, 0.035, 0.9, 3e8, 8),
        Make("币安人生USDT", "币安人生", 0.143, 5, 1, 0, 1.2, 150, 2500, 1.2, 0.06, 0.8, 3e7, 1),
        Make("SRMUSDT", "SRM", 0.4, 4, 1, 0, 0.2, 100, 1000, 1, 0.03, 0.8, 1e6, 8) with { Status = "SETTLING" },
    ];

    /// <summary>
    /// Returns what is known of a symbol by heart, or a made-up one of a few cents and little trading.
    /// </summary>
    public static SymbolSpec For(string symbol)
    {
        foreach (SymbolSpec spec in Default)
        {
            if (string.Equals(spec.Symbol, symbol, StringComparison.Ordinal))
            {
                return spec;
            }
        }

        ulong key = Noise.Key(17, symbol);
        double price = 0.01 * (1 << (int)(key % 12)) * (1 + Noise.Unit(Noise.Hash(key, 1)));
        int decimals = price < 0.1 ? 6 : price < 1 ? 5 : price < 10 ? 4 : 3;
        string asset = symbol.EndsWith("USDT", StringComparison.Ordinal) ? symbol[..^4] : symbol;
        return Make(symbol, asset, price, decimals, 1, price < 5
            ? 0
            : 1, 0.5, 150, 3000, 1 + Noise.Unit(Noise.Hash(key, 2)),
            0.02 + (0.04 * Noise.Unit(Noise.Hash(key, 3))), 0.8, 1e7, Noise.Hash(key, 4) % 4 == 0 ? 8 : 4);
    }

    /// <summary>
    /// Returns a venue of <paramref name="count"/> trading symbols: the default ones, then <c>SIM0016USDT</c> and so
    /// on, whose trading falls with their rank as 1/rank (Zipf's law), beginning at
    /// <paramref name="tradesPerSecondOfFirst"/>.
    /// </summary>
    public static IReadOnlyList<SymbolSpec> Many(int count, double tradesPerSecondOfFirst = 40)
    {
        List<SymbolSpec> specs = [.. Default.Where(static spec => spec.Trades).Take(count)];
        while (specs.Count < count)
        {
            int rank = specs.Count + 1;
            specs.Add(For("SIM" + rank.ToString("0000", CultureInfo.InvariantCulture) + "USDT") with
            {
                TradesPerSecond = tradesPerSecondOfFirst / rank,
            });
        }

        return specs;
    }

    private static SymbolSpec Make(
        string symbol, string asset, double price, int priceDecimals, int tick, int quantityDecimals, double trades,
        double tradeValue, double levelValue, double beta, double volatility, double density, double openInterest,
            int funding) =>
        new()
        {
            Symbol = symbol,
            BaseAsset = asset,
            BasePrice = price,
            PriceDecimals = priceDecimals,
            TickUnits = tick,
            QuantityDecimals = quantityDecimals,
            TradesPerSecond = trades,
            TypicalTradeValue = tradeValue,
            TypicalLevelValue = levelValue,
            Beta = beta,
            DailyVolatility = volatility,
            BookDensity = density,
            OpenInterestValue = openInterest,
            FundingIntervalHours = funding,
            OnboardTime = 1577836800000 + ((long)(Noise.Key(3, symbol) % 900) * 86_400_000),
        };
}
