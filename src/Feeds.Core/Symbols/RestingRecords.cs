using Feeds.Core.Bars;
using Feeds.Core.Market;
using Feeds.Core.Numerics;

namespace Feeds.Core.Symbols;

/// <summary>
/// The slow records that wait for their available time, in the order in which they will be applied: (available time,
/// kind, symbol, key). So the order in which they arrived does not matter.
/// </summary>
internal sealed class RestingRecords(RestingRecords.Clock clock) : ISavedState
{
    private readonly List<Waiting> _waiting = [];
    private readonly HashSet<(EventKind Kind, string Symbol, long Key, int Detail)> _keys = [];

    // Those before it were applied; they are removed in lots, as each removal moves the rest.
    private int _head;

    /// <summary>Says from when a record is applied, epoch ms.</summary>
    internal delegate long Clock(in MarketEvent e);

    public int Count => _waiting.Count - _head;

    /// <summary>
    /// Puts a record to rest; one of the same kind, symbol and key at the same time is replaced: the last one counts.
    /// </summary>
    public void Add(in MarketEvent e)
    {
        Waiting waiting = new(clock(e), e);
        _keys.Add(Waiting.KeyOf(e));
        int index = _waiting.BinarySearch(_head, Count, waiting, null);
        if (index >= 0)
        {
            _waiting[index] = waiting;
        }
        else
        {
            _waiting.Insert(~index, waiting);
        }
    }

    /// <summary>True when a record of the same kind, symbol and key rests here.</summary>
    public bool Holds(in MarketEvent e) => _keys.Contains(Waiting.KeyOf(e));

    /// <summary>True when a one-minute bar of the symbol itself that ends after a time rests here.</summary>
    public bool HasMinuteAfter(long time)
    {
        for (int i = _waiting.Count - 1; i >= _head; i--)
        {
            MarketEvent e = _waiting[i].Event;
            if (e.Kind == EventKind.Bar && e.Bar.IntervalMs == Bar.Minute && e.Bar.EndTime > time)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Applies and forgets all records that are available at a time, in order.</summary>
    public void Release<T>(long time, T target, Action<T, MarketEvent> apply)
    {
        while (_head < _waiting.Count && _waiting[_head].Time <= time)
        {
            MarketEvent e = _waiting[_head++].Event;
            _keys.Remove(Waiting.KeyOf(e));
            apply(target, e);
        }

        if (_head == _waiting.Count || _head > 4096)
        {
            _waiting.RemoveRange(0, _head);
            _head = 0;

            // A history that came at once does not leave its room behind.
            if (_waiting.Capacity > 512 && _waiting.Count < _waiting.Capacity / 4)
            {
                _waiting.TrimExcess();
                _keys.TrimExcess();
            }
        }
    }

    public void Save(StateWriter writer)
    {
        writer.WriteInt32(Count);
        for (int i = _head; i < _waiting.Count; i++)
        {
            SavedRecords.Write(writer, _waiting[i].Event);
        }
    }

    public void Load(ref StateReader reader)
    {
        _waiting.Clear();
        _keys.Clear();
        _head = 0;
        int count = reader.ReadCount(17);
        for (int i = 0; i < count; i++)
        {
            Add(SavedRecords.ReadEvent(ref reader));
        }
    }

    private readonly struct Waiting(long time, in MarketEvent e) : IComparable<Waiting>
    {
        public long Time { get; } = time;

        public MarketEvent Event { get; } = e;

        public static (EventKind Kind, string Symbol, long Key, int Detail) KeyOf(in MarketEvent e) =>
            (e.Kind, SymbolOf(e), StampOf(e), DetailOf(e));

        public int CompareTo(Waiting other)
        {
            int order = Time.CompareTo(other.Time);
            order = order != 0 ? order : Event.Kind.CompareTo(other.Event.Kind);
            order = order != 0 ? order : string.CompareOrdinal(SymbolOf(Event), SymbolOf(other.Event));
            order = order != 0 ? order : StampOf(Event).CompareTo(StampOf(other.Event));
            order = order != 0 ? order : DetailOf(Event).CompareTo(DetailOf(other.Event));
            return order != 0 || Event.Kind != EventKind.Liquidation
                ? order : OrderOf(Event).CompareTo(OrderOf(other.Event));
        }

        // Orders have no id; these fields tell those of one millisecond apart.
        private static (Side Side, double Price, double Filled, double Quantity) OrderOf(in MarketEvent e) =>
            (e.Side, e.Price, e.Quantity, e.OrderQuantity);

        private static string SymbolOf(in MarketEvent e) =>
            e.Kind == EventKind.ContextBar ? e.ContextBar.Symbol.Text : string.Empty;

        private static long StampOf(in MarketEvent e) => e.Kind switch
        {
            EventKind.Bar or EventKind.MarkBar or EventKind.IndexBar => e.Bar.EndTime,
            EventKind.ContextBar => e.ContextBar.Bar.EndTime,
            EventKind.Funding => e.Funding.SlotTime,
            _ => e.EventTime,
        };

        // Of bars that end together the longer comes first: it stands for minutes that may be missing.
        private static int DetailOf(in MarketEvent e) => e.Kind switch
        {
            EventKind.Bar or EventKind.MarkBar or EventKind.IndexBar => -e.Bar.IntervalMs,
            EventKind.LongShortRatio => (int)e.LongShortRatio.Kind,
            EventKind.OpenInterest => e.OpenInterest.PeriodMs,
            _ => 0,
        };
    }
}
