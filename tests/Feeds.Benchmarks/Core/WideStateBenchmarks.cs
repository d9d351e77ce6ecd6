using BenchmarkDotNet.Attributes;
using Feeds.Core.Market;
using Feeds.Core.Symbols;

namespace Feeds.Benchmarks.Core;

/// <summary>
/// One row of the wide set, with the five minutes of bars of four symbols and the records it is made of.
/// </summary>
[MemoryDiagnoser]
public class WideStateBenchmarks
{
    private const long Start = 1_748_908_800_000;

    private readonly List<FeatureRow> _rows = [];
    private readonly Symbol _btc = Symbol.Parse("BTCUSDT");
    private readonly Symbol _eth = Symbol.Parse("ETHUSDT");
    private readonly Symbol _peer = Symbol.Parse("FILUSDT");
    private readonly Random _random = new(1);
    private WideState _state = null!;
    private long _now = Start;

    /// <summary>Two days of bars: every window is full.</summary>
    [GlobalSetup]
    public void FillWindows()
    {
        Symbol own = Symbol.Parse("NEARUSDT");
        _state = new WideState(own, new ContextSymbols(_btc, _eth, [own, _peer]));
        for (int i = 0; i < 600; i++)
        {
            Row();
        }
    }

    /// <summary>Five minutes on.</summary>
    [Benchmark(Baseline = true)]
    public int Row()
    {
        for (int minute = 0; minute < 5; minute++)
        {
            _now += 60_000;
            decimal close = 100 + _random.Next(100);
            Bar bar = new(_now - 60_000, Bar.Minute, close, close + 1, close - 1, close, 10, 1000, 5, 500, 9);
            Take(MarketEvent.ForBar(bar, _now, _now, isFromStream: false));
            Take(MarketEvent.ForContextBar(new ContextBar(_btc, bar), _now));
            Take(MarketEvent.ForContextBar(new ContextBar(_eth, bar), _now));
            Take(MarketEvent.ForContextBar(new ContextBar(_peer, bar), _now));
        }

        Take(MarketEvent.ForOpenInterest(new OpenInterestRecord(300_000, 1000 + _random.Next(100), 5), _now, _now));
        Take(MarketEvent.ForTick(_now + 2_000, _now + 2_000));
        int rows = _rows.Count;
        _rows.Clear();
        return rows;
    }

    private void Take(in MarketEvent e)
    {
        if (_state.Admit(e) == Admission.Accepted)
        {
            _state.Apply(e, _rows);
        }
    }
}
