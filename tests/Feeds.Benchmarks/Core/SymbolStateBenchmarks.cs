using BenchmarkDotNet.Attributes;
using Feeds.Core.Books;
using Feeds.Core.Market;
using Feeds.Core.Symbols;

namespace Feeds.Benchmarks.Core;

/// <summary>
/// One event of each kind through admission and the fold, with and without the golden vector; a tick is the whole row.
/// </summary>
[MemoryDiagnoser]
public class SymbolStateBenchmarks
{
    private const long Start = 1_748_908_800_000;

    private readonly BookLevels[] _books = new BookLevels[64];
    private SymbolState _state = null!;
    private long _now;
    private long _id;

    /// <summary>True for the golden vector beside the 12-column row.</summary>
    [Params(false, true)]
    public bool Features { get; set; }

    /// <summary>A day of bars, an hour of trades, books and liquidations: every window is full.</summary>
    [GlobalSetup]
    public void FillWindows()
    {
        Random random = new(1);
        Symbol own = Symbol.Parse("DOGEUSDT");
        Symbol btc = Symbol.Parse("BTCUSDT");
        Symbol eth = Symbol.Parse("ETHUSDT");
        Symbol peer = Symbol.Parse("1000PEPEUSDT");
        _state = new SymbolState(own);
        _now = Start;
        _state.Apply(MarketEvent.ForSettings(
            new SymbolSettings(
                1_000, 3, SymbolSettings.AllFeeds)
            {
                Features = Features,
                Context = new ContextSymbols(btc, eth, [own, peer])
            }, _now));
        _state.Apply(MarketEvent.ForFeedConnected(Feed.Liquidations, _now));
        for (int i = 0; i < _books.Length; i++)
        {
            _books[i] = new BookLevels(20);
            for (int level = 0; level < 20; level++)
            {
                _books[i].BidBuffer[level] = new PriceLevel(0.2 - ((level + 1) * 0.0001), random.Next(1, 1000));
                _books[i].AskBuffer[level] = new PriceLevel(0.2 + (level * 0.0001), random.Next(1, 1000));
            }

            _books[i].SetCounts(20, 20);
        }

        for (int minute = 0; minute < 1_500; minute++)
        {
            _now += 60_000;
            foreach (Symbol symbol in (Symbol[])[own, btc, eth, peer])
            {
                decimal close = 100 + random.Next(100);
                Bar bar = new(_now - 60_000, Bar.Minute, close, close + 1, close - 1, close, 10, 1000, 5, 500, 9);
                _state.Apply(symbol == own
                    ? MarketEvent.ForBar(bar, _now, _now, isFromStream: true)
                    : MarketEvent.ForContextBar(new ContextBar(symbol, bar), _now));
            }

            if (minute % 5 == 0)
            {
                _state.Apply(
                    MarketEvent.ForOpenInterest(new OpenInterestRecord(300_000, 1000 + minute, 5), _now, _now));
            }

            _state.Apply(MarketEvent.ForTick(_now, _now));
        }

        for (int i = 0; i < 14_400; i++)
        {
            _now += 250;
            Book();
            Trade();
            Mark();
            if (i % 40 == 0)
            {
                Liquidation();
            }
        }
    }

    /// <summary>An aggregate trade.</summary>
    [Benchmark(Baseline = true)]
    public TickRows? Trade() => Take(MarketEvent.ForTrade(_now, _now, _id++, 0.2, 5, 5, (Side)(_id & 1)));

    /// <summary>A book of 20 levels.</summary>
    [Benchmark]
    public TickRows? Book() => Take(MarketEvent.ForBook(_now, _now, _id++, _books[_id & 63]));

    /// <summary>A mark price.</summary>
    [Benchmark]
    public TickRows? Mark() => Take(MarketEvent.ForMark(++_now, _now, 0.2, 0.2001, 0.0001, 0));

    /// <summary>A liquidation.</summary>
    [Benchmark]
    public TickRows? Liquidation() => Take(MarketEvent.ForLiquidation(_now, _now, Side.Sell, 0.2, _id++, 5));

    /// <summary>
    /// A tick, one second on: the 12-column row and, with features, the full vector; no bar came since the last.
    /// </summary>
    [Benchmark]
    public TickRows? Tick()
    {
        _now += 1_000 - (_now % 1_000);
        return Take(MarketEvent.ForTick(_now, _now));
    }

    private TickRows? Take(in MarketEvent e) => _state.Admit(e) == Admission.Accepted ? _state.Apply(e) : null;
}
