using Feeds.Simulator.Markets;

namespace Feeds.Simulator.Server;

/// <summary>What goes to all: the mark prices of all symbols in one message, COIN-M rows, contract news.</summary>
internal sealed class GlobalStreams(StreamHub hub, List<SymbolPublisher> publishers, FrameWriter writer)
{
    private long _lastSecond;

    public void Step(long time)
    {
        // All symbols had their turn for a second once a tenth of the next one is over.
        long second = (time - 100) / 1000 * 1000;
        if (second <= _lastSecond)
        {
            return;
        }

        _lastSecond = second;
        if (hub.AllMarkPrices1s is { } each)
        {
            Marks(each, second);
        }

        if (second % 3000 == 0 && hub.AllMarkPrices3s is { } third)
        {
            Marks(third, second);
        }

        if (hub.AllForceOrders is { } orders && hub.Options.WithCoinMargined)
        {
            CoinMargined(orders, second, time);
        }
    }

    /// <summary>Tells of a symbol's new status.</summary>
    public void Announce(SymbolSpec spec, string status, long time)
    {
        if (hub.ContractInfo is { } topic)
        {
            writer.Clear();
            StreamMessages.ContractInfo(writer, spec, status, time);
            hub.Publish(topic, new MessageMark(time, time, true), writer.Written);
            writer.Clear();
        }
    }

    private void Marks(StreamTopic topic, long second)
    {
        writer.Clear();
        writer.Raw("["u8);
        foreach (SymbolPublisher publisher in publishers)
        {
            if (publisher.AppendMark(second))
            {
                writer.Raw(","u8);
            }
        }

        if (hub.Options.WithCoinMargined)
        {
            StreamMessages.MarkPrice(
                writer, "BTCUSD_PERP", new MarkPoint(
                    second, 9_500_000_000_000, 9_501_000_000_000, 9_500_000_000_000, 9_500_500_000_000, 10_000,
                    ((second / 28_800_000) + 1) * 28_800_000), 2);
            writer.Raw(","u8);
        }

        writer.Drop();
        writer.Raw("]"u8);
        hub.Publish(topic, new MessageMark(second, second, true), writer.Written);
        writer.Clear();
    }

    // Every twenty seconds or so a COIN-M order, whose quantity counts contracts of 100 USD: no notional may come of
    // it.
    private void CoinMargined(StreamTopic topic, long second, long time)
    {
        ulong bits = Noise.Hash(Noise.Key(hub.Options.Seed, "coin"), second / 1000);
        if (bits % 20 != 0)
        {
            return;
        }

        writer.Clear();
        LiquidationPrint order = new(second - 500, (bits & 1024) == 0, 10 + (long)(bits >> 54), 951_234, 950_123);
        StreamMessages.ForceOrder(writer, "BTCUSD_PERP", "BTCUSD", 1, 0, order, time, 2);
        hub.Publish(topic, new MessageMark(order.Time, time, true, "BTCUSD_PERP"), writer.Written);
        writer.Clear();
    }
}
