using Feeds.Core.Numerics;

namespace Feeds.Core.Windows;

/// <summary>
/// Bought and sold quantity in one-second buckets <c>(k−1 s, k s]</c> of event time, by the taker's side. Sums are
/// taken afresh over buckets, those of whole minutes once for as long as nothing comes into them, so they do not drift.
/// Memory: 16 bytes a second.
/// </summary>
public sealed class TradeFlow : ISavedState
{
    private const int BlockSeconds = 60;

    private readonly double[] _bought;
    private readonly double[] _sold;
    private readonly double[] _boughtOfBlock;
    private readonly double[] _soldOfBlock;
    private readonly bool[] _isSummed;

    // The ring holds the seconds up to it.
    private long _newest = -1;

    /// <summary>
    /// Makes an empty flow that can be asked for up to <paramref name="seconds"/>, with a minute of slack either way.
    /// </summary>
    public TradeFlow(int seconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(seconds);
        int blocks = ((seconds + 121 + BlockSeconds - 1) / BlockSeconds) + 1;
        _bought = new double[blocks * BlockSeconds];
        _sold = new double[blocks * BlockSeconds];
        _boughtOfBlock = new double[blocks];
        _soldOfBlock = new double[blocks];
        _isSummed = new bool[blocks];
    }

    /// <summary>
    /// Adds a trade: event time in epoch ms, quantity, and whether the taker bought. Too old a trade is passed over.
    /// </summary>
    public void Add(long eventTime, double quantity, bool isBuy)
    {
        long second = SecondWindow.SecondOf(eventTime);
        if (second <= _newest - _bought.Length)
        {
            return;
        }

        MoveTo(second);
        int slot = Slot(second);
        (isBuy ? _bought : _sold)[slot] += quantity;
        _isSummed[slot / BlockSeconds] = false;
    }

    /// <summary>
    /// Writes (bought − sold) / (bought + sold) over <c>(endTime − seconds, endTime]</c> for each of some rising
    /// windows; NaN without volume. <paramref name="endTime"/> is a whole second, epoch ms.
    /// </summary>
    public void Imbalances(long endTime, ReadOnlySpan<int> windows, Span<double> imbalances)
    {
        long last = endTime / 1000;
        long second = Math.Min(last, _newest);
        double bought = 0;
        double sold = 0;
        for (int w = 0; w < windows.Length; w++)
        {
            long first = Math.Max(last - windows[w] + 1, Math.Max(0, _newest - _bought.Length + 1));
            while (second >= first)
            {
                int slot = Slot(second);
                bool isBlock = (slot + 1) % BlockSeconds == 0 && second - BlockSeconds + 1 >= first;
                bought += isBlock ? Sum(slot / BlockSeconds).Bought : _bought[slot];
                sold += isBlock ? _soldOfBlock[slot / BlockSeconds] : _sold[slot];
                second -= isBlock ? BlockSeconds : 1;
            }

            imbalances[w] = (bought - sold) / (bought + sold);
        }
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.WriteInt64(_newest);
        int used = 0;
        for (int slot = 0; slot < _bought.Length; slot++)
        {
            used += _bought[slot] + _sold[slot] > 0 ? 1 : 0;
        }

        writer.WriteInt32(used);
        for (int slot = 0; slot < _bought.Length; slot++)
        {
            if (_bought[slot] + _sold[slot] > 0)
            {
                writer.WriteInt32(slot);
                writer.WriteDouble(_bought[slot]);
                writer.WriteDouble(_sold[slot]);
            }
        }
    }

    /// <inheritdoc/>
    public void Load(ref StateReader reader)
    {
        Array.Clear(_bought);
        Array.Clear(_sold);
        Array.Clear(_isSummed);
        _newest = reader.ReadInt64();
        int used = reader.ReadCount(20);
        for (int i = 0; i < used; i++)
        {
            int slot = reader.ReadInt32();
            if ((uint)slot >= (uint)_bought.Length || _newest < 0)
            {
                throw new StateFormatException($"saved state: second {slot} of a ring of {_bought.Length}");
            }

            _bought[slot] = reader.ReadDouble();
            _sold[slot] = reader.ReadDouble();
        }
    }

    private int Slot(long second) => (int)(second % _bought.Length);

    private void MoveTo(long second)
    {
        for (long next = Math.Max(_newest + 1, second - _bought.Length + 1); next <= second; next++)
        {
            int slot = Slot(next);
            _bought[slot] = 0;
            _sold[slot] = 0;
            _isSummed[slot / BlockSeconds] = false;
        }

        _newest = Math.Max(_newest, second);
    }

    private (double Bought, double Sold) Sum(int block)
    {
        if (!_isSummed[block])
        {
            double bought = 0;
            double sold = 0;
            for (int slot = block * BlockSeconds; slot < (block + 1) * BlockSeconds; slot++)
            {
                bought += _bought[slot];
                sold += _sold[slot];
            }

            _boughtOfBlock[block] = bought;
            _soldOfBlock[block] = sold;
            _isSummed[block] = true;
        }

        return (_boughtOfBlock[block], _soldOfBlock[block]);
    }
}
