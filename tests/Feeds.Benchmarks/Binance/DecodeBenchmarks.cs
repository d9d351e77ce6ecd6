using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using Feeds.Binance.Wire;
using Feeds.Core.Books;
using Feeds.Core.Market;

namespace Feeds.Benchmarks.Binance;

/// <summary>
/// One frame to a decoded message, the buffer returned: by the scanner and, as the baseline, by the general JSON reader
/// that it falls back to. The frames are in the shape of the exchange's; <c>feeds bench decode</c> walks a whole file
/// instead.
/// </summary>
[MemoryDiagnoser]
public class DecodeBenchmarks
{
    private MessageDecoder _decoder = null!;
    private byte[] _frame = [];

    [Params("depth20", "bookTicker", "aggTrade", "markPrice", "kline", "forceOrder")]
    public string Kind { get; set; } = "depth20";

    [GlobalSetup]
    public void Setup()
    {
        _decoder = new MessageDecoder(SymbolTable.Of([Symbol.Parse("BTCUSDT")]), new BookLevelsPool(20));
        _frame = Encoding.UTF8.GetBytes(Kind switch
        {
            "depth20" => Book(),
            "bookTicker" =>
                """{"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":2710246762461,"s":"BTCUSDT","b":"28145.10","B":"3.868","a":"28145.20","A":"6.887","T":1680652700430,"E":1680652700435}}""",
            "aggTrade" =>
                """{"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":1790000000200,"a":777123456,"s":"BTCUSDT","p":"97180.15","q":"0.420","f":1500123,"l":1500124,"T":1790000000150,"m":true}}""",
            "markPrice" =>
                """{"stream":"btcusdt@markPrice@1s","data":{"e":"markPriceUpdate","E":1680652701000,"s":"BTCUSDT","p":"28147.27373413","P":"28142.15563565","i":"28159.75642857","r":"0.00002754","T":1680652800000}}""",
            "kline" =>
                """{"stream":"btcusdt@kline_1m","data":{"e":"kline","E":1790000000300,"s":"BTCUSDT","k":{"t":1789999980000,"T":1790000039999,"s":"BTCUSDT","i":"1m","f":1400,"L":1502,"o":"97180.0","c":"97180.2","h":"97180.3","l":"97179.9","v":"9.001","n":103,"x":false,"q":"162100.00000","V":"4.800","Q":"86400.00000","B":"0"}}}""",
            _ => """{"stream":"btcusdt@forceOrder","data":{"e":"forceOrder","E":1584059031426,"o":{"s":"BTCUSDT","S":"BUY","o":"LIMIT","f":"IOC","q":"0.014","p":"4793.91","ap":"4706.04","X":"FILLED","l":"0.015","z":"0.014","T":1584059031421}}}""",
        });
    }

    [Benchmark(Baseline = true)]
    public long General()
    {
        _decoder.DecodeGenerally(_frame, 1_790_000_000_500, out DecodedMessage message);
        _decoder.Return(message);
        return (long)message.Kind;
    }

    [Benchmark]
    public long Scanned()
    {
        _decoder.Decode(_frame, 1_790_000_000_500, out DecodedMessage message);
        _decoder.Return(message);
        return (long)message.Kind;
    }

    private static string Book()
    {
        static string Side(int sign) => string.Join(',', Enumerable.Range(1, 20).Select(
            i => string.Create(
                CultureInfo.InvariantCulture, $"[\"{97_123.1 + (sign * i * 0.3):0.0}\",\"{0.007 * i * i:0.000}\"]")));
        return """{"stream":"btcusdt@depth20@100ms","data":{"e":"depthUpdate","E":1763690000000,"T":1763689999995,"s":"BTCUSDT","U":5000000000001,"u":5000000000100,"pu":5000000000000,"b":["""
            + Side(-1) + "],\"a\":[" + Side(1) + "]}}";
    }
}
