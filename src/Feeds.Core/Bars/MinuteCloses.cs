using Feeds.Core.Market;
using Feeds.Core.Numerics;

namespace Feeds.Core.Bars;

/// <summary>
/// The closes of one symbol's newest one-minute bars, by the minute, with holes between its bars filled by the close
/// before. What is asked of it depends on the bars alone, not on the order in which they came. Memory: 8 bytes a
/// minute, 12 KB.
/// </summary>
internal sealed class MinuteCloses : ISavedState
{
    /// <summary>A day, its first return's earlier close, and what one symbol's bars may be behind another's.</summary>
    private const int Capacity = 1440 + 64;

    // A minute that was filled is kept with its sign turned, as prices are above 0.
    private readonly double[] _close = new double[Capacity];

    /// <summary>The newest bar's open time in minutes since the epoch; −1 before the first.</summary>
    public long Newest { get; private set; } = -1;

    /// <summary>The first bar's open time in minutes since the epoch; −1 before the first.</summary>
    public long First { get; private set; } = -1;

    private long Oldest => Newest < 0 ? 0 : Math.Max(First, Newest - Capacity + 1);

    /// <summary>True when the minute is not so old that it is forgotten, and no bar of it came yet.</summary>
    public bool Lacks(long minute) => Newest < 0 || minute > Newest || (minute > Newest - Capacity && !IsReal(minute));

    /// <summary>Takes a bar; one of a minute that is not lacking is passed over.</summary>
    public void Add(Bar bar)
    {
        long minute = bar.OpenTime / Bar.Minute;
        if (!Lacks(minute))
        {
            return;
        }

        double close = DecimalDouble.ToDouble(bar.Close);
        long known = Newest < 0 ? minute : First;
        long newest = Newest;

        // Of a hole longer than the ring only the end is kept.
        double previous = newest < 0 ? close : Close(newest);
        for (long hole = Math.Max(newest + 1, minute - Capacity); newest >= 0 && hole < minute; hole++)
        {
            _close[Slot(hole)] = -previous;
        }

        _close[Slot(minute)] = bar.IsFilled ? -close : close;
        Newest = Math.Max(newest, minute);
        First = Math.Min(known, minute);

        // What was carried over a minute that came late changes, up to the next bar.
        for (long next = minute + 1; next <= newest && (next < known || !IsReal(next)); next++)
        {
            _close[Slot(next)] = -close;
        }
    }

    /// <summary>The close of a minute; NaN when it is not known any more or not yet.</summary>
    public double Close(long minute) => Holds(minute) ? Math.Abs(_close[Slot(minute)]) : double.NaN;

    /// <summary>ln(close / close of the minute before), filled bars counted; NaN when not known.</summary>
    public double LogReturn(long minute) => DeterministicMath.Log(Close(minute) / Close(minute - 1));

    /// <summary>The same where both minutes have real bars, else NaN.</summary>
    public double RealLogReturn(long minute) => IsReal(minute) && IsReal(minute - 1) ? LogReturn(minute) : double.NaN;

    /// <summary>
    /// Copies the log returns of the minutes that end with one, oldest first. False when one of them is not known.
    /// </summary>
    public bool TryCopyLogReturns(long minute, Span<double> returns)
    {
        long first = minute - returns.Length + 1;
        if (first <= Oldest || minute > Newest || Newest < 0)
        {
            return false;
        }

        for (int i = 0; i < returns.Length; i++)
        {
            returns[i] = LogReturn(first + i);
        }

        return true;
    }

    /// <summary>Close / close that many minutes before − 1; NaN when one of them is not known.</summary>
    public double Return(long minute, int minutes) => (Close(minute) / Close(minute - minutes)) - 1;

    public void Save(StateWriter writer)
    {
        writer.WriteInt64(First);
        writer.WriteInt64(Newest);
        for (long minute = Oldest; minute <= Newest; minute++)
        {
            writer.WriteDouble(_close[Slot(minute)]);
        }
    }

    public void Load(ref StateReader reader)
    {
        First = reader.ReadInt64();
        Newest = reader.ReadInt64();
        for (long minute = Oldest; minute <= Newest; minute++)
        {
            _close[Slot(minute)] = reader.ReadDouble();
        }
    }

    private static int Slot(long minute) => (int)(minute % Capacity);

    private bool Holds(long minute) => minute <= Newest && minute >= Oldest && Newest >= 0;

    private bool IsReal(long minute) => Holds(minute) && _close[Slot(minute)] > 0;
}
