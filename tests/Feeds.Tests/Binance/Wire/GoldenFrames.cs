using System.Text;

namespace Feeds.Tests.Binance.Wire;

/// <summary>
/// Frames in the shape of the exchange's documents and captures (2021 to 2026), with made-up values. Each is regular,
/// so the scanner must take it, unless <see cref="Irregular"/> says otherwise.
/// </summary>
internal static class GoldenFrames
{
    public static readonly string[] Symbols = ["BTCUSDT", "SOLUSDT", "1000PEPEUSDT", "币安人生USDT", "1000000MOGUSDTLONG"];

    public static readonly string[] Regular =
    [
        """{"stream":"solusdt@depth5@100ms","data":{"e":"depthUpdate","E":1790000000105,"T":1790000000101,"s":"SOLUSDT","U":9001,"u":9007,"pu":8999,"b":[["180.10","12.5"],["180.00","1"],["179.90","2.75"]],"a":[["180.20","3"],["180.30","4.125"]]}}""",
        """{"stream":"solusdt@depth20@100ms","data":{"e":"depthUpdate","E":1790000000105,"T":1790000000101,"s":"SOLUSDT","ps":"SOLUSDT","U":9001,"u":9007,"pu":8999,"b":[["180.10","12.5"],["180.00","10.0"],["179.90","2.7"],["179.80","2.1"],["179.70","0.1"],["179.60","99.9"]],"a":[["180.20","3.0"],["180.30","4.1"],["180.40","4.2"],["180.50","5.0"],["180.60","6000000.1"]],"st":1}}""",
        """{"stream":"solusdt@depth@100ms","data":{"e":"depthUpdate","E":1790000000105,"T":1790000000101,"s":"SOLUSDT","ps":"SOLUSDT","U":9001,"u":9007,"pu":8999,"b":[["180.10","12.5"],["180.00","0"]],"a":[["180.20","3"]],"st":1}}""",
        """{"stream":"btcusdt@depth@0ms","data":{"e":"depthUpdate","E":1680652800016,"T":1680652800009,"s":"BTCUSDT","U":2710249412206,"u":2710249413621,"pu":2710249412032,"b":[],"a":[["28155.20","3.730"]]}}""",
        """{"stream":"solusdt@bookTicker","data":{"e":"bookTicker","u":9007,"E":1790000000106,"T":1790000000105,"s":"SOLUSDT","ps":"SOLUSDT","b":"180.10","B":"12.5","a":"180.20","A":"3","st":1}}""",
        """{"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":2710246762461,"s":"BTCUSDT","b":"28145.10","B":"3.868","a":"28145.20","A":"6.887","T":1680652700430,"E":1680652700435}}""",
        """{"stream":"solusdt@aggTrade","data":{"e":"aggTrade","E":1790000000200,"a":777,"s":"SOLUSDT","p":"180.15","q":"4.0","nq":"3.5","f":1500,"l":1502,"T":1790000000150,"m":true,"st":1}}""",
        """{"stream":"1000pepeusdt@aggTrade","data":{"e":"aggTrade","E":1626992741575,"a":16599292,"s":"1000PEPEUSDT","p":"0.0101100","q":"10","f":23961322,"l":23961322,"T":1626992741421,"m":false}}""",
        """{"stream":"solusdt@markPrice@1s","data":{"e":"markPriceUpdate","E":1790000001000,"s":"SOLUSDT","p":"180.16","ap":"180.15","i":"180.20","P":"180.18","r":"-0.00004000","T":1790006400000,"st":1}}""",
        """{"stream":"btcusdt@markPrice","data":{"e":"markPriceUpdate","E":1680652701000,"s":"BTCUSDT","p":"28147.27373413","P":"28142.15563565","i":"28159.75642857","r":"0.00002754","T":1680652800000}}""",
        """{"stream":"solusdt@kline_1m","data":{"e":"kline","E":1790000000300,"s":"SOLUSDT","k":{"t":1789999980000,"T":1790000039999,"s":"SOLUSDT","i":"1m","f":1400,"L":1502,"o":"180.0","c":"180.2","h":"180.3","l":"179.9","v":"900.0","n":103,"x":false,"q":"162100.0","V":"480.0","Q":"86400.0","B":"0"}}}""",
        """{"stream":"!forceOrder@arr","data":{"e":"forceOrder","E":1790000002000,"o":{"s":"SOLUSDT","S":"SELL","o":"LIMIT","f":"IOC","q":"20","p":"179.0","ap":"179.4","X":"FILLED","l":"20","z":"20","T":1790000001995},"ps":"SOLUSDT","st":1}}""",
        """{"stream":"btcusdt@forceOrder","data":{"e":"forceOrder","E":1584059031426,"o":{"s":"BTCUSDT","S":"BUY","o":"LIMIT","f":"IOC","q":"0.014","p":"4793.91","ap":"4706.04","X":"FILLED","l":"0.015","z":"0.014","T":1584059031421}}}""",
        """{"stream":"!forceOrder@arr","data":{"e":"forceOrder","E":1790000002000,"o":{"s":"BTCUSD_PERP","S":"SELL","o":"LIMIT","f":"IOC","q":"20","p":"179.0","ap":"179.4","X":"FILLED","l":"20","z":"20","T":1790000001995,"ps":"BTCUSD"},"st":2}}""",
        """{"stream":"ethusdt@aggTrade","data":{"e":"aggTrade","E":1790000000200,"a":777,"s":"ETHUSDT","p":"180.15","q":"4.0","nq":"3.5","f":1500,"l":1502,"T":1790000000150,"m":true,"st":1}}""",
        """{"stream":"币安人生usdt@aggTrade","data":{"e":"aggTrade","E":1790000000200,"a":777,"s":"币安人生USDT","p":"0.15","q":"4.0","nq":"3.5","f":1500,"l":1502,"T":1790000000150,"m":true,"st":1}}""",
        """{"stream":"1000000mogusdtlong@bookTicker","data":{"e":"bookTicker","u":9007,"E":1790000000106,"T":1790000000105,"s":"1000000MOGUSDTLONG","b":"0.10","B":"12.5","a":"0.20","A":"3"}}""",
    ];

    public static readonly string[] Irregular =
    [
        """{"e":"aggTrade","E":1781416439080,"a":3339472008,"s":"BTCUSDT","p":"64339.20","q":"0.123","nq":"0.123","f":7786568797,"l":7786568801,"T":1781416438926,"m":true}""",
        """{"e":"forceOrder","E":1781416603268,"o":{"s":"BTCUSDT","S":"BUY","o":"LIMIT","f":"IOC","q":"0.002","p":"64562.50","ap":"64310.60","X":"FILLED","l":"0.002","z":"0.002","T":1781416602260}}""",
        """{ "stream" : "solusdt@aggTrade", "data" : { "s":"SOLUSDT", "m":false, "T":1790000000150, "e":"aggTrade", "E":1790000000200, "a":777, "p":"180.15", "q":"4.0", "f":1500, "l":1502 } }""",
        """{"stream":"solusdt@kline_1m","data":{"e":"kline","E":1790000040300,"s":"SOLUSDT","k":{"t":1789999980000,"T":1790000039999,"s":"SOLUSDT","i":"1m","f":1400,"L":1502,"o":"180.0","c":"180.2","h":"180.3","l":"179.9","v":"900.0","n":103,"x":true,"q":"162100.0","V":"480.0","Q":"86400.0","B":"0"}}}""",
        """{"stream":"btcusdt@trade","data":{"e":"trade","E":1574381164089,"T":1574381164086,"s":"BTCUSDT","t":10934580,"p":"7627.60","q":"0.044","m":false}}""",
        """{"stream":"solusdt@depth5","data":{"e":"depthUpdate","E":1790000000105,"T":1790000000101,"s":"SOLUSDT","U":9001,"u":9007,"pu":8999,"b":[["180.10000000000000000001","12.5"]],"a":[["0180.20","3"]]}}""",
    ];

    public static IEnumerable<byte[]> All() => Regular.Concat(Irregular).Select(Encoding.UTF8.GetBytes);
}
