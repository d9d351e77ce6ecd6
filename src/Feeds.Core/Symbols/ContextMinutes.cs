using Feeds.Core.Bars;
using Feeds.Core.Market;
using Feeds.Core.Numerics;
using Feeds.Core.Operators;

namespace Feeds.Core.Symbols;

/// <summary>
/// The minutes of the other symbols that a symbol is compared with, and what they say of it. Everything is worked out
/// from the minutes alone, up to the newest one that both have, and only when a minute came; the order of arrival
/// leaves no trace.
/// </summary>
internal sealed class ContextMinutes : ISavedState
{
    private readonly Symbol _symbol;
    private readonly int _maxBehind;
    private readonly MinuteCloses _own;
    private readonly SortedDictionary<Symbol, MinuteCloses> _others = [];
    private ContextSymbols _context = ContextSymbols.None;
    private MinuteCloses[] _sector = [];
    private long _version;
    private long _refreshed = -1;

    /// <summary>
    /// Makes empty minutes; others' bars may be <paramref name="maxBehind"/> behind the own before a comparison is NaN.
    /// </summary>
    public ContextMinutes(Symbol symbol, MinuteCloses own, int maxBehind)
    {
        _maxBehind = maxBehind;
        _symbol = symbol;
        _own = own;
    }

    public CoMoments Hour { get; private set; } = Unknown;

    public CoMoments Day { get; private set; } = Unknown;

    public double AgainstSecondHour { get; private set; } = double.NaN;

    public double AgainstSecondDay { get; private set; } = double.NaN;

    public double AgainstMarketHour { get; private set; } = double.NaN;

    public double AgainstMarketDay { get; private set; } = double.NaN;

    public double MarketReturnHour { get; private set; } = double.NaN;

    public double MarketReturnDay { get; private set; } = double.NaN;

    public double AgainstSectorHour { get; private set; } = double.NaN;

    public double AgainstSectorDay { get; private set; } = double.NaN;

    private static CoMoments Unknown => new(0, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);

    /// <summary>Sets which symbols are compared with; minutes of those that stay are kept.</summary>
    public void Use(ContextSymbols context)
    {
        _context = context;
        Symbol?[] symbols = [context.Market, context.Second, .. context.Sector];
        foreach (Symbol? symbol in symbols)
        {
            if (symbol is not null && symbol != _symbol)
            {
                _others.TryAdd(symbol, new MinuteCloses());
            }
        }

        _sector = [.. context.Sector.Where(s => s != _symbol).Distinct().Select(s => _others[s])];
        _version++;
    }

    /// <summary>Open time of the newest minute of another symbol, epoch ms; 0 before the first.</summary>
    public long NewestTimeOf(Symbol symbol) =>
        _others.TryGetValue(symbol, out MinuteCloses? minutes) ? Math.Max(0, minutes.Newest * Bar.Minute) : 0;

    public bool Takes(ContextBar bar) =>
        bar.Bar.IntervalMs == Bar.Minute && _others.TryGetValue(bar.Symbol, out MinuteCloses? minutes)
        && minutes.Lacks(bar.Bar.OpenTime / Bar.Minute);

    public void Add(ContextBar bar)
    {
        if (_others.TryGetValue(bar.Symbol, out MinuteCloses? minutes))
        {
            minutes.Add(bar.Bar);
            _version++;
        }
    }

    /// <summary>Works everything out anew if a minute came since the last time.</summary>
    public void Refresh()
    {
        long version = (_version << 32) + _own.Newest;
        if (version == _refreshed)
        {
            return;
        }

        _refreshed = version;
        MinuteCloses? market = Minutes(_context.Market);
        long minute = Common(market);
        Hour = market is null || minute < 0 ? Unknown : MinuteStatistics.CoMoments(market, _own, minute, 60);
        Day = market is null || minute < 0 ? Unknown : MinuteStatistics.CoMoments(market, _own, minute, 1440);
        (MarketReturnHour, AgainstMarketHour) = Against(market, 60);
        (MarketReturnDay, AgainstMarketDay) = Against(market, 1440);
        (_, AgainstSecondHour) = Against(Minutes(_context.Second), 60);
        (_, AgainstSecondDay) = Against(Minutes(_context.Second), 1440);
        AgainstSectorHour = AgainstSector(60);
        AgainstSectorDay = AgainstSector(1440);
    }

    public void Save(StateWriter writer)
    {
        writer.WriteInt32(_others.Count);
        foreach ((Symbol symbol, MinuteCloses minutes) in _others)
        {
            SavedRecords.Write(writer, symbol);
            minutes.Save(writer);
        }
    }

    public void Load(ref StateReader reader)
    {
        _others.Clear();
        int count = reader.ReadCount(16);
        for (int i = 0; i < count; i++)
        {
            MinuteCloses minutes = new();
            Symbol symbol = SavedRecords.ReadSymbol(ref reader);
            minutes.Load(ref reader);
            _others[symbol] = minutes;
        }

        _refreshed = -1;
        Use(_context);
    }

    private MinuteCloses? Minutes(Symbol? symbol) =>
        symbol is null ? null : symbol == _symbol ? _own : _others[symbol];

    // The newest minute that both have; −1 when the other is too far behind.
    private long Common(MinuteCloses? other)
    {
        long minute = other is null ? -1 : Math.Min(other.Newest, _own.Newest);
        return minute >= 0 && _own.Newest - minute <= _maxBehind ? minute : -1;
    }

    private (double Other, double Against) Against(MinuteCloses? other, int minutes)
    {
        long minute = Common(other);
        if (minute < 0)
        {
            return (double.NaN, double.NaN);
        }

        double otherReturn = other!.Return(minute, minutes);
        return (otherReturn, _own.Return(minute, minutes) - otherReturn);
    }

    private double AgainstSector(int minutes)
    {
        // Members' minutes that are not here yet must not count as minutes without members, so all wait for the
        // slowest.
        long minute = _own.Newest;
        foreach (MinuteCloses member in _sector)
        {
            long common = Common(member);
            minute = common < 0 ? minute : Math.Min(minute, common);
        }

        return minute < 0
            ? double.NaN : _own.Return(minute, minutes) - MinuteStatistics.IndexReturn(_sector, minute, minutes);
    }
}
