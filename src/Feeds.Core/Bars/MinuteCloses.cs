using Feeds.Core.Market;
using Feeds.Core.Numerics;

namespace Feeds.Core.Bars;

/// <summary>
/// The closes of one symbol's newest one-minute bars, by the minute, with holes between its bars filled by the close before. What
/// is asked of it depends on the bars alone, not on the order in which those of different symbols came. Memory: 17 bytes a
/// minute.
/// </summary>
internal sealed class MinuteCloses : ISavedState
{
    /// <summary>A day, its first return's earlier close, and what one symbol's bars may be behind another's.</summary>
    private const int Capacity = 1440 + 64;

    private readonly double[] _close = new double[Capacity];
    private readonly double[] _logReturn = new double[Capacity];
    private readonly bool[] _isReal = new bool[Capacity];

    /// <summary>The newest bar's open time in minutes since the epoch; −1 before the first.</summary>
    public long Newest { get; private set; } = -1;

    /// <summary>The first bar's open time in minutes since the epoch; −1 before the first.</summary>
    public long First { get; private set; } = -1;

    /// <summary>Takes the next bar; one that is not after the newest is passed over.</summary>
    public void Add(Bar bar)
    {
        long minute = bar.OpenTime / Bar.Minute;
        if (minute <= Newest)
        {
            return;
        }

        double close = DecimalDouble.ToDouble(bar.Close);
        if (Newest < 0)
        {
            First = minute;
            Put(minute, close, double.NaN, !bar.IsFilled);
            return;
        }

        double previous = _close[Slot(Newest)];

        // Of a hole longer than the ring only the end is kept.
        for (long hole = Math.Max(Newest + 1, minute - Capacity); hole < minute; hole++)
        {
            Put(hole, previous, 0, isReal: false);
        }

        Put(minute, close, DeterministicMath.Log(close / previous), !bar.IsFilled);
    }

    /// <summary>The close of a minute; NaN when it is not known any more or not yet.</summary>
    public double Close(long minute) => Holds(minute) ? _close[Slot(minute)] : double.NaN;

    /// <summary>ln(close / close of the minute before), filled bars counted; NaN when not known.</summary>
    public double LogReturn(long minute) => Holds(minute) ? _logReturn[Slot(minute)] : double.NaN;

    /// <summary>The same where both minutes have real bars, else NaN.</summary>
    public double RealLogReturn(long minute) =>
        Holds(minute) && Holds(minute - 1) && _isReal[Slot(minute)] && _isReal[Slot(minute - 1)]
            ? _logReturn[Slot(minute)] : double.NaN;

    /// <summary>Copies the log returns of the minutes that end with one, oldest first. False when one of them is not known.</summary>
    public bool TryCopyLogReturns(long minute, Span<double> returns)
    {
        long first = minute - returns.Length + 1;
        if (first < Oldest || minute > Newest || Newest < 0)
        {
            return false;
        }

        int slot = Slot(first);
        int head = Math.Min(returns.Length, Capacity - slot);
        _logReturn.AsSpan(slot, head).CopyTo(returns);
        _logReturn.AsSpan(0, returns.Length - head).CopyTo(returns[head..]);
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
            writer.WriteDouble(Close(minute));
            writer.WriteDouble(LogReturn(minute));
            writer.WriteBoolean(_isReal[Slot(minute)]);
        }
    }

    public void Load(ref StateReader reader)
    {
        First = reader.ReadInt64();
        Newest = reader.ReadInt64();
        for (long minute = Oldest; minute <= Newest; minute++)
        {
            double close = reader.ReadDouble();
            double logReturn = reader.ReadDouble();
            _close[Slot(minute)] = close;
            _logReturn[Slot(minute)] = logReturn;
            _isReal[Slot(minute)] = reader.ReadBoolean();
        }
    }

    private long Oldest => Newest < 0 ? 0 : Math.Max(First, Newest - Capacity + 1);

    private static int Slot(long minute) => (int)(minute % Capacity);

    private bool Holds(long minute) => minute <= Newest && minute >= Oldest && Newest >= 0;

    private void Put(long minute, double close, double logReturn, bool isReal)
    {
        int slot = Slot(minute);
        _close[slot] = close;
        _logReturn[slot] = logReturn;
        _isReal[slot] = isReal;
        Newest = minute;
    }
}
