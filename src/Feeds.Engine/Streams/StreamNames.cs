using Feeds.Binance.Streams;
using Feeds.Binance.Wire;
using Feeds.Core.Market;

namespace Feeds.Engine.Streams;

/// <summary>Which streams a node takes.</summary>
internal static class StreamNames
{
    /// <summary>Returns the streams of one symbol.</summary>
    public static IEnumerable<StreamName> Of(Symbol symbol, NodeOptions options)
    {
        if (options.Depth is Provider.Auto or Provider.BinanceWs)
        {
            yield return options.CertifiedBook
                ? StreamName.For(symbol, StreamKind.DiffDepth)
                : StreamName.PartialDepth(symbol, options.DepthStreamLevels);
        }

        if (options.Quotes)
        {
            yield return StreamName.For(symbol, StreamKind.Quotes);
        }

        yield return StreamName.For(symbol, StreamKind.Trades);
        yield return StreamName.For(symbol, StreamKind.Bars);
        if (options.Basis is Provider.Auto or Provider.BinanceWs)
        {
            yield return StreamName.For(symbol, StreamKind.Mark);
        }
    }

    /// <summary>Returns the streams over all symbols.</summary>
    public static IEnumerable<StreamName> OfAll(NodeOptions options)
    {
        yield return StreamName.AllContracts;
        if (options.Liquidations is Provider.Auto or Provider.BinanceWs)
        {
            yield return StreamName.AllLiquidations;
        }
    }
}
