using Feeds.Core.Numerics;

namespace Feeds.Core.Operators;

/// <summary>
/// Bought and sold quantity, each trade weighted by 2^(−age / half-life) of event time: Σ s·q·w / Σ q·w. A late trade
/// gets the weight of its own age. Memory: two doubles and a time.
/// </summary>
public sealed class DecayedFlow : ISavedState
{
    private const double Ln2 = 0.69314718055994530942;

    private readonly double _rate;
    private long _time;
    private double _signed;
    private double _all;

    /// <summary>Makes an empty flow with a half-life in ms, above 0.</summary>
    public DecayedFlow(long halfLifeMs)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(halfLifeMs);
        _rate = Ln2 / halfLifeMs;
    }

    /// <summary>
    /// (bought − sold) / (bought + sold) of the weighted quantities, −1…1, whatever the time; NaN before the first
    /// trade.
    /// </summary>
    public double Imbalance => _signed / _all;

    /// <summary>Takes a trade: event time in epoch ms, quantity above 0, with the taker's side.</summary>
    public void Add(long eventTime, double quantity, bool isBuy)
    {
        double weight = 1;
        if (eventTime > _time)
        {
            double decay = DeterministicMath.Exp(-(eventTime - _time) * _rate);
            _signed *= decay;
            _all *= decay;
            _time = eventTime;
        }
        else if (eventTime < _time)
        {
            weight = DeterministicMath.Exp(-(_time - eventTime) * _rate);
        }

        _signed += isBuy ? quantity * weight : -(quantity * weight);
        _all += quantity * weight;
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.WriteInt64(_time);
        writer.WriteDouble(_signed);
        writer.WriteDouble(_all);
    }

    /// <inheritdoc/>
    public void Load(ref StateReader reader)
    {
        _time = reader.ReadInt64();
        _signed = reader.ReadDouble();
        _all = reader.ReadDouble();
    }
}
