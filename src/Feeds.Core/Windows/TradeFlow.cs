using Feeds.Core.Numerics;

namespace Feeds.Core.Windows;

/// <summary>
/// Bought and sold quantity in one-second buckets <c>(k−1 s, k s]</c> of event time, by the taker's side. Sums are taken afresh, oldest
/// second last, so they do not drift. Memory: 24 bytes a second.
/// </summary>
public sealed class TradeFlow : ISavedState
{
    private readonly long[] _second;
    private readonly double[] _bought;
    private readonly double[] _sold;

    /// <summary>Makes an empty flow that can be asked for up to <paramref name="seconds"/>, with a minute of slack either way.</summary>
    public TradeFlow(int seconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(seconds);
        int size = seconds + 121;
        _second = new long[size];
        _bought = new double[size];
        _sold = new double[size];
        Array.Fill(_second, -1);
    }

    /// <summary>Adds a trade: event time in epoch ms, quantity, and whether the taker bought. Too old a trade is passed over.</summary>
    public void Add(long eventTime, double quantity, bool isBuy)
    {
        long second = SecondWindow.SecondOf(eventTime);
        int slot = (int)(second % _second.Length);
        if (_second[slot] > second)
        {
            return;
        }

        if (_second[slot] < second)
        {
            _second[slot] = second;
            _bought[slot] = 0;
            _sold[slot] = 0;
        }

        if (isBuy)
        {
            _bought[slot] += quantity;
        }
        else
        {
            _sold[slot] += quantity;
        }
    }

    /// <summary>
    /// Writes (bought − sold) / (bought + sold) over <c>(endTime − seconds, endTime]</c> for each of some rising windows; NaN without
    /// volume. <paramref name="endTime"/> is a whole second, epoch ms.
    /// </summary>
    public void Imbalances(long endTime, ReadOnlySpan<int> windows, Span<double> imbalances)
    {
        long second = endTime / 1000;
        int slot = (int)(second % _second.Length);
        double bought = 0;
        double sold = 0;
        int done = 0;
        for (int w = 0; w < windows.Length; w++)
        {
            for (; done < windows[w] && second >= 0; done++, second--)
            {
                if (_second[slot] == second)
                {
                    bought += _bought[slot];
                    sold += _sold[slot];
                }

                slot = slot == 0 ? _second.Length - 1 : slot - 1;
            }

            imbalances[w] = (bought - sold) / (bought + sold);
        }
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        int used = 0;
        foreach (long second in _second)
        {
            used += second >= 0 ? 1 : 0;
        }

        writer.WriteInt32(used);
        for (int slot = 0; slot < _second.Length; slot++)
        {
            if (_second[slot] >= 0)
            {
                writer.WriteInt64(_second[slot]);
                writer.WriteDouble(_bought[slot]);
                writer.WriteDouble(_sold[slot]);
            }
        }
    }

    /// <inheritdoc/>
    public void Load(ref StateReader reader)
    {
        Array.Fill(_second, -1);
        int used = reader.ReadCount(24);
        for (int i = 0; i < used; i++)
        {
            long second = reader.ReadInt64();
            if (second < 0)
            {
                throw new StateFormatException($"saved state: second {second}");
            }

            int slot = (int)(second % _second.Length);
            _second[slot] = second;
            _bought[slot] = reader.ReadDouble();
            _sold[slot] = reader.ReadDouble();
        }
    }
}
