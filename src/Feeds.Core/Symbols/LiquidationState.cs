using Feeds.Core.Market;
using Feeds.Core.Numerics;
using Feeds.Core.Windows;

namespace Feeds.Core.Symbols;

/// <summary>
/// What is kept of a symbol's liquidations: USD by side in seconds of event time, and the keys of recent ones.
/// </summary>
internal sealed class LiquidationState : ISavedState
{
    /// <summary>The window of the 12-column row, seconds.</summary>
    public const int WindowSeconds = 300;

    // The exchange sends at most one order per symbol and second, so 256 keys reach back further than an event may be
    // late.
    private const int KeyCount = 256;

    private readonly Key[] _recent = new Key[KeyCount];
    private readonly SecondWindow _long = new(WindowSeconds, Lateness.LimitSeconds);
    private readonly SecondWindow _short = new(WindowSeconds, Lateness.LimitSeconds);
    private int _next;

    public Admission Admit(in MarketEvent liquidation)
    {
        if (!Bounds.IsPrice(liquidation.Price))
        {
            return Admission.InvalidPrice;
        }

        if (!Bounds.IsQuantity(liquidation.Quantity) || !Bounds.IsQuantity(liquidation.OrderQuantity))
        {
            return Admission.InvalidQuantity;
        }

        return Array.IndexOf(_recent, Key.Of(liquidation)) >= 0 ? Admission.Duplicate : Admission.Accepted;
    }

    public void Apply(in MarketEvent liquidation, bool counts)
    {
        _recent[_next] = Key.Of(liquidation);
        _next = (_next + 1) % KeyCount;
        if (counts)
        {
            // SELL closes a long; USD = average price × accumulated filled quantity.
            SecondWindow window = liquidation.Side == Side.Sell ? _long : _short;
            window.Add(liquidation.EventTime, liquidation.Price * liquidation.Quantity);
        }
    }

    public double LongUsd(long tickTime) => _long.Sum(tickTime, WindowSeconds);

    public double ShortUsd(long tickTime) => _short.Sum(tickTime, WindowSeconds);

    public void Save(StateWriter writer)
    {
        writer.WriteInt32(_next);
        foreach (Key key in _recent)
        {
            writer.WriteByte((byte)key.Side);
            writer.WriteInt64(key.Time);
            writer.WriteDouble(key.OrderQuantity);
            writer.WriteDouble(key.AveragePrice);
            writer.WriteDouble(key.FilledQuantity);
        }

        _long.Save(writer);
        _short.Save(writer);
    }

    public void Load(ref StateReader reader)
    {
        _next = reader.ReadInt32();
        if (_next is < 0 or >= KeyCount)
        {
            throw new StateFormatException($"saved state: {_next} is no place of a liquidation key");
        }

        for (int i = 0; i < KeyCount; i++)
        {
            _recent[i] = new Key(
                (Side)reader.ReadByte(), reader.ReadInt64(), reader.ReadDouble(), reader.ReadDouble(),
                reader.ReadDouble());
        }

        _long.Load(ref reader);
        _short.Load(ref reader);
    }

    // The stream carries no order id; these fields tell orders of one symbol apart (the symbol is the state's own).
    private readonly record struct Key(
        Side Side, long Time, double OrderQuantity, double AveragePrice, double FilledQuantity)
    {
        public static Key Of(in MarketEvent e) => new(e.Side, e.EventTime, e.OrderQuantity, e.Price, e.Quantity);
    }
}
