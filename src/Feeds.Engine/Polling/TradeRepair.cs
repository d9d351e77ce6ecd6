using Feeds.Core.Market;
using Feeds.Engine.Symbols;

namespace Feeds.Engine.Polling;

/// <summary>How far the repair of one symbol's trades is.</summary>
internal sealed class TradeRepair
{
    // As many ranges as a symbol remembers.
    private const int MaxDeclared = 256;

    private readonly List<(long From, long To)> _declared = [];
    private readonly Dictionary<long, int> _doubts = [];
    private long _noticedTime;
    private long _outages;
    private long _outageTime;

    /// <summary>Not before then, epoch ms.</summary>
    public long NextTime { get; set; }

    /// <summary>Requests in a row without an answer.</summary>
    public int Failures { get; set; }

    /// <summary>True when there is something to ask now.</summary>
    public bool IsDue(SymbolGauges gauges, long now, long patienceMs, long tailPatienceMs)
    {
        NoticeOutage(gauges, now);
        bool hasHole = gauges.MissingTrades.Count > 0 && Open(gauges.MissingTrades).Count > 0;
        _noticedTime = !hasHole ? 0 : _noticedTime == 0 ? now : _noticedTime;
        if (now < NextTime)
        {
            return false;
        }

        return hasHole ? now - _noticedTime >= patienceMs : IsTailDue(gauges, now, tailPatienceMs);
    }

    /// <summary>The missing ranges without what was declared, ascending.</summary>
    public List<(long From, long To)> Open(IReadOnlyList<(long From, long To)> missing)
    {
        List<(long From, long To)> open = [];
        foreach ((long from, long to) in missing)
        {
            long start = from;
            foreach ((long declaredFrom, long declaredTo) in _declared)
            {
                if (declaredTo < start || declaredFrom > to)
                {
                    continue;
                }

                if (declaredFrom > start)
                {
                    open.Add((start, declaredFrom - 1));
                }

                start = declaredTo + 1;
            }

            if (start <= to)
            {
                open.Add((start, to));
            }
        }

        return open;
    }

    /// <summary>Ids that are not asked for any more.</summary>
    public void Declare(long from, long to)
    {
        _declared.Add((from, to));
        _declared.Sort();
        if (_declared.Count > MaxDeclared)
        {
            _declared.RemoveAt(0);
        }
    }

    /// <summary>True when so many answers have left out this id.</summary>
    public bool Believe(long id, int answers)
    {
        if (_doubts.Count >= MaxDeclared)
        {
            _doubts.Clear();
        }

        int doubts = _doubts.GetValueOrDefault(id) + 1;
        _doubts[id] = doubts;
        return doubts >= answers;
    }

    /// <summary>The end was looked at.</summary>
    public void TailDone() => _outageTime = 0;

    private void NoticeOutage(SymbolGauges gauges, long now)
    {
        long outages = gauges.Outages(Feed.Trades);
        if (outages != _outages)
        {
            _outages = outages;
            _outageTime = now;
        }
    }

    // A trade that came since shows the hole before it by its number.
    private bool IsTailDue(SymbolGauges gauges, long now, long patienceMs)
    {
        if (_outageTime == 0 || gauges.HighestTradeId < 0 || !gauges.IsConnected(Feed.Trades))
        {
            return false;
        }

        if (gauges.LastReceiveTime(Feed.Trades) > _outageTime)
        {
            _outageTime = 0;
            return false;
        }

        return now - _outageTime >= patienceMs;
    }
}
