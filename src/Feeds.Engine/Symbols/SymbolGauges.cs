using Feeds.Core.Catalogue;
using Feeds.Core.Market;
using Feeds.Core.Symbols;

namespace Feeds.Engine.Symbols;

/// <summary>
/// What others may read of a symbol while its actor runs: written by the actor (and by the sources, where it says so),
/// read by health, status and metrics from any thread. Outlives restarts of the actor.
/// </summary>
public sealed class SymbolGauges
{
    private const int MaxMissingBars = 1440;

    private readonly long[] _lastReceiveTime = new long[FeedNames.Count];
    private readonly long[] _errors = new long[FeedNames.Count];
    private readonly long[] _admissions = new long[AdmissionReasons.Count];
    private readonly long[] _messages = new long[FeedNames.Count];
    private readonly long[] _gaps = new long[FeedNames.Count];
    private readonly long[] _outages = new long[FeedNames.Count];
    private readonly long[] _barEnds = new long[HistoryNeeds.Bars.Count];
    private readonly bool[] _connected = new bool[FeedNames.Count];
    private long _sequence;
    private long _duplicates;
    private long _conflated;
    private long _newestBarTime;
    private long _barHoleTime;
    private long _highestTradeId = -1;
    private (long From, long To)[] _missingTrades = [];
    private long[] _missingBars = [];
    private FeedRow? _lastRow;
    private int _degradedTicks;

    /// <summary>Events applied since the symbol's journal began.</summary>
    public long Sequence => Volatile.Read(ref _sequence);

    /// <summary>Messages that were dropped because they were known.</summary>
    public long Duplicates => Volatile.Read(ref _duplicates);

    /// <summary>Books that newer ones replaced in the mailbox.</summary>
    public long Conflated => Volatile.Read(ref _conflated);

    /// <summary>Open time of the newest closed one-minute bar that came, epoch ms; 0 before the first.</summary>
    public long NewestBarTime => Volatile.Read(ref _newestBarTime);

    /// <summary>
    /// Where the hole begins that features wait to be filled, as of the last tick, epoch ms; 0 when there is none.
    /// </summary>
    public long BarHoleTime => Volatile.Read(ref _barHoleTime);

    /// <summary>
    /// Returns the end of the newest bar that features have of a length of <see cref="HistoryNeeds.Bars"/>, epoch ms; 0
    /// before the first.
    /// </summary>
    public long BarEnd(int index) => Volatile.Read(ref _barEnds[index]);

    /// <summary>The highest trade id seen; −1 before the first.</summary>
    public long HighestTradeId => Volatile.Read(ref _highestTradeId);

    /// <summary>
    /// Ranges of trade ids below it that are missing, inclusive, ascending; never changed once published.
    /// </summary>
    public IReadOnlyList<(long From, long To)> MissingTrades => Volatile.Read(ref _missingTrades);

    /// <summary>
    /// Open times of one-minute bars below the newest that did not come and were not declared missing, epoch ms,
    /// ascending, at most a day of them; never changed once published.
    /// </summary>
    public IReadOnlyList<long> MissingBars => Volatile.Read(ref _missingBars);

    /// <summary>The newest row; null before the first.</summary>
    public FeedRow? LastRow => Volatile.Read(ref _lastRow);

    /// <summary>How many of the newest ticks in a row found a required feed not fresh.</summary>
    public int DegradedTicks => Volatile.Read(ref _degradedTicks);

    /// <summary>Messages refused as broken.</summary>
    public long Rejected
    {
        get
        {
            long sum = 0;
            for (int i = (int)Admission.InvalidPrice; i < _admissions.Length; i++)
            {
                sum += Volatile.Read(ref _admissions[i]);
            }

            return sum;
        }
    }

    /// <summary>Returns how many events had this outcome at admission.</summary>
    public long Count(Admission admission) => Volatile.Read(ref _admissions[(int)admission]);

    /// <summary>Returns the receive time of the feed's newest event, epoch ms; 0 when there was none.</summary>
    public long LastReceiveTime(Feed feed) => Volatile.Read(ref _lastReceiveTime[(int)feed]);

    /// <summary>Returns errors of the feed: failed polls, cut connections, broken messages.</summary>
    public long Errors(Feed feed) => Volatile.Read(ref _errors[(int)feed]);

    /// <summary>Returns how many events of the feed were applied.</summary>
    public long Messages(Feed feed) => Volatile.Read(ref _messages[(int)feed]);

    /// <summary>Returns how many gaps of the feed were declared: what cannot be had again.</summary>
    public long Gaps(Feed feed) => Volatile.Read(ref _gaps[(int)feed]);

    /// <summary>Returns how often the feed's stream was lost.</summary>
    public long Outages(Feed feed) => Volatile.Read(ref _outages[(int)feed]);

    /// <summary>True while the feed's stream is open, or its last poll was answered. Written by the sources.</summary>
    public bool IsConnected(Feed feed) => Volatile.Read(ref _connected[(int)feed]);

    /// <summary>Called by a source when its connection opens or is lost.</summary>
    public void SetConnected(Feed feed, bool connected) => Volatile.Write(ref _connected[(int)feed], connected);

    internal void Applied(Feed? feed, in MarketEvent e, SymbolState state)
    {
        if (feed is { } known)
        {
            Volatile.Write(ref _lastReceiveTime[(int)known], e.ReceiveTime);
            Volatile.Write(ref _messages[(int)known], _messages[(int)known] + 1);
        }

        if (e.Kind is EventKind.Tick or EventKind.Settings)
        {
            Publish(state);
        }
        else if (e.Kind == EventKind.Bar && e.Bar.IntervalMs == Bar.Minute)
        {
            NoteBar(e.Bar.OpenTime);
        }
        else if (e.Kind == EventKind.Gap && e.Gap is { Feed: Core.Market.Feed.Bars, Reason: not Gap.Fetched } gap)
        {
            Forget(time => time >= gap.FromTime && time < gap.ToTime);
        }

        if (e.Kind is EventKind.Trade or EventKind.Gap or EventKind.Settings)
        {
            Publish(state.TradeIds);
        }

        if (e.Kind is EventKind.SourceError or EventKind.FeedDisconnected)
        {
            AddError(e.Feed);
        }

        if (e.Kind is EventKind.Gap)
        {
            Volatile.Write(ref _gaps[(int)e.Gap.Feed], _gaps[(int)e.Gap.Feed] + 1);
        }

        if (e.Kind is EventKind.FeedDisconnected)
        {
            Volatile.Write(ref _outages[(int)e.Feed], _outages[(int)e.Feed] + 1);
        }

        Volatile.Write(ref _sequence, state.Sequence);
        Volatile.Write(ref _conflated, state.ConflatedCount);
    }

    internal void Admitted(Admission admission)
    {
        Volatile.Write(ref _admissions[(int)admission], _admissions[(int)admission] + 1);
        if (admission is Admission.Duplicate or Admission.OutOfOrder)
        {
            Volatile.Write(ref _duplicates, _duplicates + 1);
        }
    }

    private void Publish(SymbolState state)
    {
        for (int i = 0; i < _barEnds.Length; i++)
        {
            Volatile.Write(ref _barEnds[i], state.BarEnd(HistoryNeeds.Bars[i].LengthMs));
        }

        Volatile.Write(ref _barHoleTime, state.BarHoleTime);
    }

    private void NoteBar(long openTime)
    {
        long next = _newestBarTime + Bar.Minute;
        if (_newestBarTime > 0 && openTime > next)
        {
            int count = (int)Math.Min((openTime - next) / Bar.Minute, MaxMissingBars);
            IEnumerable<long> skipped =
                Enumerable.Range(1, count).Select(i => openTime - (i * (long)Bar.Minute)).Reverse();
            Volatile.Write(ref _missingBars, [.. _missingBars.Concat(skipped).TakeLast(MaxMissingBars)]);
        }
        else if (openTime < _newestBarTime)
        {
            Forget(time => time == openTime);
        }

        Volatile.Write(ref _newestBarTime, Math.Max(_newestBarTime, openTime));
    }

    private void Forget(Func<long, bool> which)
    {
        if (_missingBars.Any(which))
        {
            Volatile.Write(ref _missingBars, [.. _missingBars.Where(time => !which(time))]);
        }
    }

    private void Publish(IdChain ids)
    {
        Volatile.Write(ref _highestTradeId, ids.Highest);
        if (!ids.Missing.SequenceEqual(_missingTrades))
        {
            Volatile.Write(ref _missingTrades, [.. ids.Missing]);
        }
    }

    internal void AddError(Feed feed) => Interlocked.Increment(ref _errors[(int)feed]);

    internal void Emitted(FeedRow row, bool healthy)
    {
        Volatile.Write(ref _degradedTicks, healthy ? 0 : _degradedTicks + 1);
        Volatile.Write(ref _lastRow, row);
    }
}
