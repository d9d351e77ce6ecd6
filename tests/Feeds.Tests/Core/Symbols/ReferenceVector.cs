using Feeds.Core.Books;
using Feeds.Core.Catalogue;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Tests.Core.Catalogue;
using Xunit;

namespace Feeds.Tests.Core.Symbols;

/// <summary>
/// The golden vector computed the slow and obvious way: from the whole list of events that were applied, by the
/// definitions, with the framework's own mathematics. It shares no code with the fold but the catalogue's names and
/// minimum coverages.
/// </summary>
public sealed class ReferenceVector
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;

    private readonly Symbol _symbol;
    private readonly List<MarketEvent> _events = [];
    private readonly Dictionary<int, (PriceLevel[] Bids, PriceLevel[] Asks)> _books = [];

    public ReferenceVector(Symbol symbol) => _symbol = symbol;

    /// <summary>Keeps an event that the fold was given; books are copied.</summary>
    public void Add(in MarketEvent e)
    {
        if (e.Kind == EventKind.Book)
        {
            _books.Add(_events.Count, (e.Levels.Bids.ToArray(), e.Levels.Asks.ToArray()));
        }

        _events.Add(e);
    }

    /// <summary>
    /// Fails with the column's name where a row differs from the definitions by more than 1e-9 relative.
    /// </summary>
    public void AssertEqual(FeatureRow row)
    {
        Dictionary<string, double> expected = At(row.Time);
        foreach (FeatureDefinition feature in FeatureCatalogue.Golden.Features)
        {
            if (feature.CoverageColumn is { } column && expected[column] < feature.MinimumCoverage)
            {
                expected[feature.Name] = double.NaN;
            }
        }

        for (int i = 0; i < FeatureCatalogue.Golden.Columns.Count; i++)
        {
            string column = FeatureCatalogue.Golden.Columns[i];
            double want = double.IsFinite(expected[column]) ? expected[column] : double.NaN;
            double got = row.Values[i];
            bool equal = double.IsNaN(want)
                ? double.IsNaN(got) : Math.Abs(want - got) <= Math.Max(1e-9 * Math.Abs(want), 1e-12);
            Assert.True(equal, $"{column} at {row.Time}: expected {want:R}, was {got:R}");
        }
    }

    private static double Ratio(double bids, double asks) => (bids - asks) / (bids + asks);

    private Dictionary<string, double> At(long t)
    {
        Dictionary<string, double> v = [];
        SymbolSettings settings = _events.Last(e => e.Kind == EventKind.Settings).Settings;
        SortedDictionary<long, Bar> own = Bars(t, _symbol);
        Momentum(v, own);
        Books(v, t, settings.DepthLevels);
        Trades(v, t);
        Derivatives(v, t, own);
        Context(v, t, own, settings.Context);
        v["tod_sin"] = Math.Sin(2 * Math.PI * (t % (24 * Hour)) / (24 * Hour));
        v["tod_cos"] = Math.Cos(2 * Math.PI * (t % (24 * Hour)) / (24 * Hour));
        double week = ((int)DateTimeOffset.FromUnixTimeMilliseconds(t).DayOfWeek + 6) % 7
            + ((t % (24 * Hour)) / (24.0 * Hour));
        v["tow_sin"] = Math.Sin(2 * Math.PI * week / 7);
        v["tow_cos"] = Math.Cos(2 * Math.PI * week / 7);
        Coverage(v, t, own);
        return v;
    }

    // The bars of a symbol that were available, with the minutes between them filled.
    private SortedDictionary<long, Bar> Bars(long t, Symbol symbol)
    {
        SortedDictionary<long, Bar> bars = [];
        foreach (MarketEvent e in _events)
        {
            bool isOwn = e.Kind == EventKind.Bar && symbol == _symbol;
            if (isOwn || (e.Kind == EventKind.ContextBar && e.ContextBar.Symbol == symbol))
            {
                Bar bar = isOwn ? e.Bar : e.ContextBar.Bar;
                if (Math.Max(bar.OpenTime + Minute + 2_000, e.ReceiveTime) <= t)
                {
                    bars[bar.OpenTime] = bar;
                }
            }
        }

        for (long open = bars.Keys.FirstOrDefault(); bars.Count > 0 && open < bars.Keys.Last(); open += Minute)
        {
            decimal close = bars[open].Close;
            bars.TryAdd(
                open + Minute,
                new Bar(open + Minute, 60_000, close, close, close, close, 0, 0, 0, 0, 0, IsFilled: true));
        }

        return bars;
    }

    private static void Momentum(Dictionary<string, double> v, SortedDictionary<long, Bar> own)
    {
        foreach ((
            string name, int minutes) in ((string, int)[])[("1m", 1), ("5m", 5), ("15m", 15), ("1h", 60), ("4h", 240)])
        {
            Bar[][] periods = [.. own.Values
                .GroupBy(b => b.OpenTime / (minutes * Minute))
                .Select(g => g.ToArray())
                .Where(g => g.Length == minutes)];
            double[] c = [.. periods.Select(p => (double)p[^1].Close)];
            double[] h = [.. periods.Select(p => (double)p.Max(b => b.High))];
            double[] l = [.. periods.Select(p => (double)p.Min(b => b.Low))];
            bool wilder = c.Length >= 250;
            bool macd = c.Length >= 300;
            double histogram = macd ? SlowTwins.Macd(c) - SlowTwins.MacdSignal(c) : double.NaN;
            double atr = wilder ? SlowTwins.Atr(h, l, c, 14) : double.NaN;
            v[$"rsi_14_{name}"] = wilder ? SlowTwins.Rsi(c, 14) : double.NaN;
            v[$"macd_hist_{name}"] = histogram;
            v[$"macd_hist_bps_{name}"] = macd ? 10_000 * histogram / c[^1] : double.NaN;
            v[$"roc_10_{name}"] = c.Length > 10 ? 100 * ((c[^1] / c[^11]) - 1) : double.NaN;
            v[$"atr_14_{name}"] = atr;
            v[$"natr_14_{name}"] = wilder ? 100 * atr / c[^1] : double.NaN;
            v[$"bb_width_20_{name}"] = c.Length >= 20 ? 4 * SlowTwins.Std(c, 20) / SlowTwins.Mean(c, 20) : double.NaN;
            if (minutes == 1)
            {
                double[] returns = [.. c.Zip(c.Skip(1), (a, b) => Math.Log(b / a))];
                v["realized_vol_60_1m"] = SlowTwins.Std(returns, 60);
            }
        }
    }

    private void Books(Dictionary<string, double> v, long t, int depthLevels)
    {
        (long Time,
            double[] Measures)[] books = [.. _books.Select(
                b => (_events[b.Key].EventTime, Measures(b.Value.Bids, b.Value.Asks, depthLevels)))];
        string[] names = ["obi_top", "depth_ratio_l5", "depth_ratio_l10", "depth_ratio_l20", "spread_bps"];
        foreach ((string window, long length) in ((string, long)[])[("1m", Minute), ("5m", 5 * Minute)])
        {
            for (int m = 0; m < names.Length; m++)
            {
                double integral = 0;
                double covered = 0;
                for (int i = 0; i < books.Length; i++)
                {
                    long end = Math.Min(
                        i + 1 < books.Length ? books[i + 1].Time : long.MaxValue, books[i].Time + 5_000);
                    double held = Math.Min(end, t) - Math.Max(books[i].Time, t - length);
                    if (held > 0 && !double.IsNaN(books[i].Measures[m]))
                    {
                        integral += held * books[i].Measures[m];
                        covered += held;
                    }
                }

                v[$"{names[m]}_{window}"] = integral / covered;
                if (m == 0)
                {
                    v[$"cov_depth_{window}"] = covered / length;
                }
            }
        }

        bool fresh = books.Length > 0 && t - books[^1].Time <= 5_000;
        v["micro_price_dev_bps"] = fresh ? books[^1].Measures[5] : double.NaN;
        v["book_slope_l20"] = fresh ? books[^1].Measures[6] : double.NaN;
    }

    private static double[] Measures(PriceLevel[] bids, PriceLevel[] asks, int depth)
    {
        double Of(int n) => bids.Length < n || asks.Length < n
            ? double.NaN : Ratio(bids.Take(n).Sum(l => l.Quantity), asks.Take(n).Sum(l => l.Quantity));
        double b = bids.Take(depth).Sum(l => l.Quantity);
        double a = asks.Take(depth).Sum(l => l.Quantity);
        double mid = (bids[0].Price + asks[0].Price) / 2;
        double micro = ((bids[0].Price * asks[0].Quantity) + (asks[0].Price * bids[0].Quantity))
            / (bids[0].Quantity + asks[0].Quantity);
        double slope = double.NaN;
        if (bids.Length >= 20 && asks.Length >= 20)
        {
            slope = Ratio(
                bids.Take(20).Sum(l => l.Quantity) / (10_000 * (mid - bids[19].Price) / mid),
                asks.Take(20).Sum(l => l.Quantity) / (10_000 * (asks[19].Price - mid) / mid));
        }

        return
        [
            b / (a + b), Of(5), Of(10), Of(20), 10_000 * (asks[0].Price - bids[0].Price) / mid,
            10_000 * (micro - mid) / mid, slope,
        ];
    }

    private void Trades(Dictionary<string, double> v, long t)
    {
        MarketEvent[] trades = [.. _events.Where(
            e => e.Kind == EventKind.Trade && Math.Abs(e.ReceiveTime - e.EventTime) <= Minute)];
        double Flow(long window)
        {
            MarketEvent[] inside = [.. trades.Where(e => e.EventTime > t - window && e.EventTime <= t)];
            return Ratio(
                inside.Where(e => e.Side == Side.Buy).Sum(e => e.Quantity),
                inside.Where(e => e.Side == Side.Sell).Sum(e => e.Quantity));
        }

        v["tfi_1m"] = Flow(Minute);
        v["tfi_5m"] = Flow(5 * Minute);
        v["tfi_1h"] = Flow(Hour);
        v["tfi_accel"] = v["tfi_1m"] - v["tfi_5m"];
        double Weight(MarketEvent e) => e.Quantity * Math.Pow(2, -(t - e.EventTime) / (5.0 * Minute));
        long begin = trades.Length == 0 ? long.MaxValue : trades[0].EventTime;
        v["tfi_decay"] = t - (2 * Hour) < begin
            ? double.NaN
            : Ratio(trades.Where(e => e.Side == Side.Buy).Sum(Weight),
                trades.Where(e => e.Side == Side.Sell).Sum(Weight));
        foreach ((string window, long length) in ((string, long)[])[("1m", Minute), ("5m", 5 * Minute), ("1h", Hour)])
        {
            v[$"cov_trades_{window}"] = Math.Clamp(trades.Length == 0 ? 0 : t - begin, 0, length) / (double)length;
        }
    }

    private void Derivatives(Dictionary<string, double> v, long t, SortedDictionary<long, Bar> own)
    {
        FundingSettlement? settlement = _events
            .Where(e => e.Kind == EventKind.Funding && Math.Max(e.Funding.SlotTime + Minute, e.ReceiveTime) <= t)
            .Select(e => e.Funding).MaxBy(f => f.SlotTime);
        v["funding_rate"] = settlement is null ? double.NaN : (double)settlement.FundingRate;
        MarketEvent mark = _events.LastOrDefault(e => e.Kind == EventKind.Mark);
        bool fresh = mark.Kind == EventKind.Mark && t - mark.ReceiveTime <= 10_000;
        v["predicted_funding"] = fresh ? mark.PredictedFundingRate : double.NaN;
        v["basis"] = fresh ? (mark.MarkPrice - mark.IndexPrice) / mark.IndexPrice : double.NaN;
        MarketEvent[] records = [.. _events.Where(
            e => e.Kind == EventKind.OpenInterest && Math.Max(e.EventTime + (5 * Minute), e.ReceiveTime) <= t)];
        OpenInterestRecord? AsOf(long time) => records
            .Where(e => e.EventTime + (5 * Minute) <= time && time - e.EventTime <= 15 * Minute)
            .OrderBy(e => e.EventTime).Select(e => e.OpenInterest).LastOrDefault();
        double Interest(long time) => AsOf(time) is { } record ? (double)record.OpenInterest : double.NaN;
        v["oi_change_1h"] = (Interest(t) / Interest(t - Hour)) - 1;
        v["oi_change_8h"] = (Interest(t) / Interest(t - (8 * Hour))) - 1;
        double value = AsOf(t)?.OpenInterestValue is { } usd ? (double)usd : double.NaN;
        foreach ((string window, long length) in ((string, long)[])[("1h", Hour), ("8h", 8 * Hour)])
        {
            MarketEvent[] inside = [.. _events.Where(
                e => e.Kind == EventKind.Liquidation && e.EventTime > t - length && e.EventTime <= t
                && Math.Abs(e.ReceiveTime - e.EventTime) <= Minute)];
            double longs = inside.Where(e => e.Side == Side.Sell).Sum(e => e.Price * e.Quantity);
            double shorts = inside.Where(e => e.Side == Side.Buy).Sum(e => e.Price * e.Quantity);
            v[$"net_liq_usd_{window}"] = shorts - longs;
            v[$"liq_long_usd_{window}"] = longs;
            v[$"liq_short_usd_{window}"] = shorts;
            v[$"liq_censored_share_{window}"] = inside.Select(e => (e.EventTime + 999) / 1000).Distinct()
                .Count() * 1000.0 / length;
            v[$"net_liq_to_oi_{window}"] = (shorts - longs) / value;
            long connected = _events.First(e => e.Kind == EventKind.FeedConnected).ReceiveTime;
            v[$"cov_liq_{window}"] = Math.Clamp(t - connected, 0, length) / (double)length;
        }

        double[] c = [.. own.Values.Select(b => (double)b.Close)];
        int price = c.Length > 60 ? Math.Sign(c[^1] - c[^61]) : 0;
        int interest = double.IsNaN(v["oi_change_1h"]) ? 0 : Math.Sign(v["oi_change_1h"]);
        v["oi_price_state_1h"] = price * interest == 0 ? double.NaN : price > 0
            ? (interest > 0 ? 1 : 2) : (interest > 0 ? 3 : 4);
    }

    private void Context(Dictionary<string, double> v, long t, SortedDictionary<long, Bar> own, ContextSymbols context)
    {
        SortedDictionary<long, Bar> btc = Bars(t, context.Market!);
        SortedDictionary<long, Bar> eth = Bars(t, context.Second!);
        SortedDictionary<long, Bar>[] peers = [.. context.Sector.Where(s => s != _symbol).Select(s => Bars(t, s))];
        foreach ((string window, int n) in ((string, int)[])[("1h", 60), ("24h", 1440)])
        {
            double[] x = Returns(btc, Common(own, btc), n);
            double[] y = Returns(own, Common(own, btc), n);
            v[$"beta_btc_{window}"] = SlowTwins.Slope(x, y, n);
            v[$"corr_btc_{window}"] = SlowTwins.Correlation(x, y, n);
            long last = Common(own, eth);
            v[$"rs_eth_{window}"] = Return(own, last, n) - Return(eth, last, n);
            last = peers.Min(p => Common(own, p));
            double log = 0;
            for (long open = last - ((n - 1) * Minute); open <= last; open += Minute)
            {
                double[] members = [.. peers
                    .Where(p => IsReal(p, open) && IsReal(p, open - Minute))
                    .Select(p => Math.Log((double)p[open].Close / (double)p[open - Minute].Close))];
                log += members.Length == 0 ? 0 : members.Average();
            }

            v[$"sector_rel_{window}"] = Return(own, last, n) - (Math.Exp(log) - 1);
        }
    }

    private static bool IsReal(SortedDictionary<long, Bar> bars, long open) => bars.TryGetValue(open, out Bar? bar)
        && !bar.IsFilled;

    private static long Common(SortedDictionary<long, Bar> own, SortedDictionary<long, Bar> other) =>
        own.Count == 0 || other.Count == 0 || own.Keys.Last() - other.Keys.Last() > 2 * Minute
            ? -1 : Math.Min(own.Keys.Last(), other.Keys.Last());

    private static double Return(SortedDictionary<long, Bar> bars, long last, int n) =>
        bars.TryGetValue(last, out Bar? to) && bars.TryGetValue(last - (n * Minute), out Bar? from)
            ? ((double)to.Close / (double)from.Close) - 1 : double.NaN;

    private static double[] Returns(SortedDictionary<long, Bar> bars, long last, int n) =>
        [.. Enumerable.Range(0, n).Select(i =>
        Math.Log(1 + Return(bars, last - ((n - 1 - i) * Minute), 1)))];

    private static void Coverage(Dictionary<string, double> v, long t, SortedDictionary<long, Bar> own)
    {
        long due = (t - 2_000) / Minute * Minute;
        long newest = own.Count == 0 ? 0 : own.Keys.Last() + Minute;
        long end = newest > 0 && due - newest <= Minute ? newest : due;
        foreach ((
            string window, int minutes) in ((string, int)[])[("1h", 60), ("8h", 480), ("24h", 1440), ("48h", 2880),
            ("7d", 10_080)])
        {
            int real = own.Values.Count(b => !b.IsFilled && b.OpenTime >= end - (minutes * Minute) && b.OpenTime < end);
            v[$"cov_bars_{window}"] = real / (double)minutes;
        }
    }
}
