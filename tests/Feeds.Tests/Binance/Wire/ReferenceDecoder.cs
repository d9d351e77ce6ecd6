using System.Globalization;
using System.Text;
using System.Text.Json;
using Feeds.Core.Market;

namespace Feeds.Tests.Binance.Wire;

/// <summary>
/// Says what a regular frame means, slowly and by other means: JsonDocument for the structure, double.Parse for the
/// numbers. In the words of <see cref="Described"/>.
/// </summary>
internal static class ReferenceDecoder
{
    public static string Describe(byte[] frame, IReadOnlyList<Symbol> symbols, long receiveTime)
    {
        using JsonDocument document = JsonDocument.Parse(frame);
        JsonElement root = document.RootElement;
        string stream = root.TryGetProperty("stream", out JsonElement name) ? name.GetString()! : string.Empty;
        JsonElement data = root.TryGetProperty("data", out JsonElement inner) ? inner : root;
        string type = data.TryGetProperty("e", out JsonElement e) ? e.GetString()! : "(none)";
        JsonElement symbolOwner = type == "forceOrder" ? data.GetProperty("o") : data;
        string symbol = symbolOwner.TryGetProperty("s", out JsonElement s) ? s.GetString()! : string.Empty;
        int index = -1;
        for (int i = 0; i < symbols.Count; i++)
        {
            index = symbols[i].Text == symbol ? i : index;
        }

        string? known = Known(type, stream, data, receiveTime);
        string kind = StreamOf(type, stream);
        return known is null ? $"Ignored {kind} UnknownEvent None -1  "
            : IsCoinMargined(data) ? $"Ignored {kind} CoinMargined None -1  "
            : index < 0 ? $"Ignored {kind} UnknownSymbol None -1  "
            : $"{known.Split('|')[0]} {kind} None None {index} {symbol} {known.Split('|')[1]}";
    }

    private static bool IsCoinMargined(JsonElement data) => data.TryGetProperty("st", out JsonElement st)
        && st.GetInt32() == 2;

    private static string StreamOf(string type, string stream) => type switch
    {
        "depthUpdate" => stream.Contains("@depth@", StringComparison.Ordinal)
            || stream.EndsWith("@depth", StringComparison.Ordinal) || stream.Length == 0
            ? "DiffDepth"
            : "PartialDepth",
        "bookTicker" => "Quotes",
        "aggTrade" => "Trades",
        "markPriceUpdate" => "Mark",
        "kline" => "Bars",
        "forceOrder" => "Liquidations",
        _ => "Unknown",
    };

    private static string? Known(string type, string stream, JsonElement data, long receiveTime)
    {
        long pushed = data.TryGetProperty("E", out JsonElement e) ? e.GetInt64() : 0;
        long time = data.TryGetProperty("T", out JsonElement t) ? t.GetInt64() : pushed;
        switch (type)
        {
            case "depthUpdate" when StreamOf(type, stream) == "PartialDepth":
                return $"Event|Book {time} {receiveTime} True {data.GetProperty("u")}{Levels(data)}";
            case "depthUpdate":
                return $"BookDelta|{time} {receiveTime} {data.GetProperty("U")} {data.GetProperty("u")} "
                    + $"{data.GetProperty("pu")}{Levels(data)}";
            case "bookTicker":
                return $"Event|Quote {time} {receiveTime} True {data.GetProperty("u")} b {Bits(data, "b")}:"
                    + $"{Bits(data, "B")} a {Bits(data, "a")}:{Bits(data, "A")}";
            case "aggTrade":
                string nq = data.TryGetProperty("nq", out _) ? "nq" : "q";
                long count = data.GetProperty("l").GetInt64() - data.GetProperty("f").GetInt64() + 1;
                string side = data.GetProperty("m").GetBoolean() ? "Sell" : "Buy";
                return $"Event|Trade {time} {receiveTime} True {data.GetProperty("a")} {Bits(data, "p")} "
                    + $"{Bits(data, "q")} {Bits(data, nq)} {side} {count}";
            case "markPriceUpdate":
                return $"Event|Mark {pushed} {receiveTime} True {Bits(data, "p")} {Bits(data, "i")} "
                    + $"{Bits(data, "r")} {data.GetProperty("T")}";
            case "forceOrder":
                JsonElement o = data.GetProperty("o");
                string order = o.GetProperty("S").GetString() == "SELL" ? "Sell" : "Buy";
                return $"Event|Liquidation {o.GetProperty("T")} {receiveTime} True {order} {Bits(o, "ap")} "
                    + $"{Bits(o, "z")} {Bits(o, "q")}";
            case "kline":
                JsonElement k = data.GetProperty("k");
                return k.GetProperty("x").GetBoolean()
                    ? $"Event|Bar {pushed} {receiveTime} True {BarOf(k)}" : "FormingBar|";
            default:
                return null;
        }
    }

    private static Bar BarOf(JsonElement k) => new(
        k.GetProperty("t").GetInt64(),
        60_000,
        Exact(k, "o"),
        Exact(k, "h"),
        Exact(k, "l"),
        Exact(k, "c"),
        Exact(k, "v"),
        Exact(k, "q"),
        Exact(k, "V"),
        Exact(k, "Q"),
        k.GetProperty("n").GetInt32());

    private static decimal Exact(JsonElement row, string name) =>
        decimal.Parse(row.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);

    private static string Levels(JsonElement data)
    {
        StringBuilder text = new();
        foreach (string side in (string[])["b", "a"])
        {
            text.Append(' ').Append(side);
            foreach (JsonElement level in data.GetProperty(side).EnumerateArray())
            {
                text.Append(CultureInfo.InvariantCulture, $" {Bits(level[0])}:{Bits(level[1])}");
            }
        }

        return text.ToString();
    }

    private static long Bits(JsonElement row, string name) => Bits(row.GetProperty(name));

    private static long Bits(JsonElement number) =>
        BitConverter.DoubleToInt64Bits(double.Parse(number.GetString()!, CultureInfo.InvariantCulture));
}
