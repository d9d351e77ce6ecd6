using System.Globalization;

namespace Feeds.Simulator.Server;

/// <summary>
/// A stream name taken apart. Exact like the venue: lower-case ASCII, other scripts unchanged; anything else is no
/// stream.
/// </summary>
/// <param name="Kind">What it delivers.</param>
/// <param name="Symbol">The symbol part as written; empty for streams of all symbols.</param>
/// <param name="Levels">Levels of a partial book, else 0.</param>
/// <param name="IntervalMs">Push interval (depth, mark price) or bar length (kline), ms; 0 for streams that push each
/// event.</param>
internal readonly record struct StreamName(StreamKind Kind, string Symbol, int Levels, long IntervalMs)
{
    /// <summary>True for the streams that only <c>/public</c> delivers.</summary>
    public bool IsPublic => Kind is StreamKind.PartialDepth or StreamKind.DiffDepth or StreamKind.BookTicker;

    /// <summary>Returns the parts of a stream name; null when the venue has no such stream.</summary>
    public static StreamName? Parse(string name)
    {
        if (name.StartsWith('!'))
        {
            return name switch
            {
                "!forceOrder@arr" => new StreamName(StreamKind.AllForceOrders, "", 0, 0),
                "!markPrice@arr@1s" => new StreamName(StreamKind.AllMarkPrices, "", 0, 1000),
                "!markPrice@arr" => new StreamName(StreamKind.AllMarkPrices, "", 0, 3000),
                "!contractInfo" => new StreamName(StreamKind.ContractInfo, "", 0, 0),
                _ => null,
            };
        }

        int at = name.IndexOf('@', StringComparison.Ordinal);
        if (at <= 0)
        {
            return null;
        }

        string symbol = name[..at];
        string rest = name[(at + 1)..];
        if (symbol.Any(char.IsAsciiLetterUpper))
        {
            return null;
        }

        if (rest.StartsWith("kline_", StringComparison.Ordinal))
        {
            return KlineInterval.Parse(rest[6..]) is { } interval
                ? new StreamName(StreamKind.Kline, symbol, 0, interval.LengthMs)
                : null;
        }

        return rest switch
        {
            "aggTrade" => new StreamName(StreamKind.AggregateTrade, symbol, 0, 0),
            "bookTicker" => new StreamName(StreamKind.BookTicker, symbol, 0, 0),
            "forceOrder" => new StreamName(StreamKind.ForceOrder, symbol, 0, 0),
            "markPrice" => new StreamName(StreamKind.MarkPrice, symbol, 0, 3000),
            "markPrice@1s" => new StreamName(StreamKind.MarkPrice, symbol, 0, 1000),
            _ => rest.StartsWith("depth", StringComparison.Ordinal) ? Depth(symbol, rest[5..]) : null,
        };
    }

    private static StreamName? Depth(string symbol, string rest)
    {
        int at = rest.IndexOf('@', StringComparison.Ordinal);
        string levels = at < 0 ? rest : rest[..at];
        // No suffix means 250 ms; written out, the venue does not know that spelling.
        int speed = (at < 0 ? "" : rest[at..]) switch
        {
            "" => 250,
            "@100ms" or "@0ms" => 100,
            "@500ms" => 500,
            _ => 0,
        };
        return speed == 0 ? null : levels switch
        {
            "" => new StreamName(StreamKind.DiffDepth, symbol, 0, speed),
            "5" or "10" or "20" =>
                new StreamName(StreamKind.PartialDepth, symbol, int.Parse(levels, CultureInfo.InvariantCulture), speed),
            _ => null,
        };
    }
}
