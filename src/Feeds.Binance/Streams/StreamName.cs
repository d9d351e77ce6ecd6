using Feeds.Binance.Wire;
using Feeds.Core.Market;

namespace Feeds.Binance.Streams;

/// <summary>
/// The name of one stream, together with the route that delivers it. Only made by the factories, so the two agree.
/// </summary>
public sealed class StreamName : IEquatable<StreamName>
{
    private StreamName(string text, StreamKind kind, Symbol? symbol)
    {
        Text = text;
        Kind = kind;
        Symbol = symbol;
        Route = RouteOf(kind);
    }

    /// <summary>Liquidation orders of all symbols, coin-margined ones included (<c>!forceOrder@arr</c>).</summary>
    public static StreamName AllLiquidations { get; } = new("!forceOrder@arr", StreamKind.Liquidations, null);

    /// <summary>Listings and changes of contracts (<c>!contractInfo</c>).</summary>
    public static StreamName AllContracts { get; } = new("!contractInfo", StreamKind.Contracts, null);

    /// <summary>The name as the exchange writes it, such as <c>btcusdt@aggTrade</c>.</summary>
    public string Text { get; }

    /// <summary>What it carries.</summary>
    public StreamKind Kind { get; }

    /// <summary>Whose it is; null for the streams over all symbols.</summary>
    public Symbol? Symbol { get; }

    /// <summary>The path that delivers it.</summary>
    public StreamRoute Route { get; }

    /// <summary>
    /// Returns the name of a symbol's stream, with the defaults of the service for depth (20 levels) and pace.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A kind that is Unknown or that is not of one symbol (Contracts).
    /// </exception>
    public static StreamName For(Symbol symbol, StreamKind kind) => kind switch
    {
        StreamKind.PartialDepth => PartialDepth(symbol, 20),
        StreamKind.DiffDepth => new(symbol.StreamName + "@depth@100ms", kind, symbol),
        StreamKind.Quotes => new(symbol.StreamName + "@bookTicker", kind, symbol),
        StreamKind.Trades => new(symbol.StreamName + "@aggTrade", kind, symbol),
        StreamKind.Mark => new(symbol.StreamName + "@markPrice@1s", kind, symbol),
        StreamKind.Bars => new(symbol.StreamName + "@kline_1m", kind, symbol),
        StreamKind.Liquidations => new(symbol.StreamName + "@forceOrder", kind, symbol),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no stream of one symbol is of this kind"),
    };

    /// <summary>Returns the name of the stream of the best levels, pushed every 100 ms.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Levels other than 5, 10 and 20.</exception>
    public static StreamName PartialDepth(Symbol symbol, int levels) => levels is 5 or 10 or 20
        ? new($"{symbol.StreamName}@depth{levels}@100ms", StreamKind.PartialDepth, symbol)
        : throw new ArgumentOutOfRangeException(nameof(levels), levels, "5, 10 and 20 levels are streamed");

    /// <summary>Returns the route over which a kind is delivered.</summary>
    public static StreamRoute RouteOf(StreamKind kind) =>
        kind is StreamKind.PartialDepth or StreamKind.DiffDepth or StreamKind.Quotes
            ? StreamRoute.Public : StreamRoute.Market;

    /// <inheritdoc/>
    public bool Equals(StreamName? other) => other is not null
        && string.Equals(Text, other.Text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as StreamName);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
