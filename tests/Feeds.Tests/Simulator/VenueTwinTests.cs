using System.Text.Json;
using Feeds.Simulator;
using Feeds.Tests.Time;
using Xunit;

namespace Feeds.Tests.Simulator;

public sealed class VenueTwinTests
{
    [Fact]
    public async Task A_client_gets_books_trades_marks_and_bars_of_the_default_symbols()
    {
        ManualTimeProvider clock = new();
        await using VenueTwin venue = await VenueTwin.StartAsync(new VenueTwinOptions { KeepLedger = true }, clock);
        using StreamClient books = await StreamClient.OpenAsync(
            venue, "/public/stream?streams=btcusdt@depth20@100ms/币安人生usdt@depth20@100ms");
        using StreamClient market = await StreamClient.OpenAsync(venue, "/market/stream");
        await market.SendAsync(
            """
            {"method":"SUBSCRIBE","id":1,
             "params":["btcusdt@aggTrade","btcusdt@markPrice@1s","btcusdt@kline_1m","!forceOrder@arr"]}
            """);
        JsonElement answer = await market.NextAsync();
        Assert.Equal(1, answer.GetProperty("id").GetInt32());
        clock.Advance(TimeSpan.FromSeconds(70));
        await venue.FlushAsync();
        List<JsonElement> seen = await market.AllAsync();
        HashSet<string> kinds = [.. seen.Select(static m => m.GetProperty("stream").GetString()!)];
        Assert.Contains("btcusdt@aggTrade", kinds);
        Assert.Contains("btcusdt@markPrice@1s", kinds);
        Assert.Contains("btcusdt@kline_1m", kinds);
        Assert.True((await books.AllAsync()).Count > 100);
    }
}
