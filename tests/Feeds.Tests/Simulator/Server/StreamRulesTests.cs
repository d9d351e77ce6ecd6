using System.Net.WebSockets;
using System.Text.Json;
using Feeds.Simulator;
using Feeds.Tests.Time;
using Xunit;

namespace Feeds.Tests.Simulator.Server;

public sealed class StreamRulesTests
{
    private readonly ManualTimeProvider _clock = new();

    [Theory]
    [InlineData("/public/stream", "btcusdt@aggTrade")]
    [InlineData("/public/stream", "!forceOrder@arr")]
    [InlineData("/stream", "btcusdt@markPrice@1s")]
    [InlineData("/market/stream", "btcusdt@depth20@100ms")]
    [InlineData("/market/stream", "btcusdt@bookTicker")]
    [InlineData("/market/stream", "BTCUSDT@aggTrade")]
    [InlineData("/market/stream", "nosuchusdt@aggTrade")]
    [InlineData("/market/stream", "srmusdt@aggTrade")]
    [InlineData("/market/stream", "btcusdt@nosuch")]
    [InlineData("/public/stream", "btcusdt@depth@250ms")]
    [InlineData("/private/stream", "btcusdt@depth20@100ms")]
    public async Task What_a_path_does_not_serve_is_acknowledged_and_never_delivered(string path, string stream)
    {
        await using VenueTwin venue = await VenueTwin.StartAsync(new VenueTwinOptions(), _clock);
        using StreamClient client = await StreamClient.OpenAsync(venue, path);
        await client.SendAsync($$"""{"method":"SUBSCRIBE","params":["{{stream}}"],"id":7}""");
        JsonElement answer = await client.NextAsync();
        Assert.Equal(7, answer.GetProperty("id").GetInt32());
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("result").ValueKind);
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Empty(await client.AllAsync());
    }

    [Theory]
    [InlineData("/market/stream", "币安人生usdt@aggTrade")]
    [InlineData("/public/stream", "btcusdt@depth")]
    [InlineData("/public/stream", "btcusdt@depth5@500ms")]
    [InlineData("/public/stream", "ethusdt@bookTicker")]
    [InlineData("/stream", "ethusdt@depth10@100ms")]
    [InlineData("/market/stream", "!markPrice@arr@1s")]
    [InlineData("/market/stream", "ethusdt@kline_5m")]
    [InlineData("/market/stream", "ethusdt@markPrice")]
    public async Task What_a_path_serves_is_delivered_in_an_envelope(string path, string stream)
    {
        await using VenueTwin venue = await VenueTwin.StartAsync(new VenueTwinOptions(), _clock);
        using StreamClient client = await StreamClient.OpenAsync(venue, $"{path}?streams={stream}");
        _clock.Advance(TimeSpan.FromSeconds(30));
        List<JsonElement> messages = await client.AllAsync();
        Assert.NotEmpty(messages);
        Assert.All(messages, message => Assert.Equal(stream, message.GetProperty("stream").GetString()));
    }

    [Fact]
    public async Task A_raw_connection_gets_messages_without_an_envelope()
    {
        await using VenueTwin venue = await VenueTwin.StartAsync(new VenueTwinOptions(), _clock);
        using StreamClient client = await StreamClient.OpenAsync(venue, "/market/ws/btcusdt@markPrice@1s");
        _clock.Advance(TimeSpan.FromSeconds(3.2));
        List<JsonElement> messages = await client.AllAsync();
        Assert.Equal(3, messages.Count);
        Assert.All(messages, static message => Assert.Equal("markPriceUpdate", message.GetProperty("e").GetString()));
    }

    [Fact]
    public async Task Subscriptions_can_be_listed_and_ended_and_then_nothing_comes()
    {
        await using VenueTwin venue = await VenueTwin.StartAsync(new VenueTwinOptions(), _clock);
        using StreamClient client = await StreamClient.OpenAsync(venue, "/market/stream?streams=btcusdt@aggTrade/BAD");
        await client.SendAsync("""{"method":"LIST_SUBSCRIPTIONS","id":3}""");
        JsonElement listed = (await client.NextAsync()).GetProperty("result");
        Assert.Equal(["btcusdt@aggTrade", "BAD"], listed.EnumerateArray().Select(static s => s.GetString()));
        await client.SendAsync("""{"method":"UNSUBSCRIBE","params":["btcusdt@aggTrade"],"id":4}""");
        Assert.Equal(4, (await client.NextAsync()).GetProperty("id").GetInt32());
        _clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Empty(await client.AllAsync());
    }

    [Fact]
    public async Task The_eleventh_message_within_a_second_closes_the_connection()
    {
        await using VenueTwin venue = await VenueTwin.StartAsync(new VenueTwinOptions(), _clock);
        using StreamClient client = await StreamClient.OpenAsync(venue, "/market/stream");
        for (int i = 0; i < 10; i++)
        {
            await client.SendAsync("""{"method":"LIST_SUBSCRIPTIONS","id":1}""");
            Assert.NotNull(await client.NextTextAsync());
        }

        _clock.Advance(TimeSpan.FromSeconds(1));
        for (int i = 0; i < 10; i++)
        {
            await client.SendAsync("""{"method":"LIST_SUBSCRIPTIONS","id":1}""");
            Assert.NotNull(await client.NextTextAsync());
        }

        await client.SendAsync("""{"method":"LIST_SUBSCRIPTIONS","id":1}""");
        Assert.Null(await client.NextTextAsync());
        Assert.Equal(1008, (int)client.Socket.CloseStatus!.Value);
    }

    [Fact]
    public async Task The_1025th_stream_gets_an_error_and_then_the_connection_closes()
    {
        await using VenueTwin venue = await VenueTwin.StartAsync(new VenueTwinOptions(), _clock);
        using StreamClient client = await StreamClient.OpenAsync(venue, "/market/stream");
        string names = string.Join(',', Enumerable.Range(0, 1024).Select(static i => $"\"a{i}@aggTrade\""));
        await client.SendAsync($$"""{"method":"SUBSCRIBE","params":[{{names}}],"id":1}""");
        Assert.Equal(1, (await client.NextAsync()).GetProperty("id").GetInt32());
        await client.SendAsync("""{"method":"SUBSCRIBE","params":["one@aggTrade"],"id":2}""");
        Assert.True((await client.NextAsync()).TryGetProperty("error", out _));
        Assert.Null(await client.NextTextAsync());
    }

    [Fact]
    public async Task A_connection_is_cut_at_its_greatest_age()
    {
        await using VenueTwin venue = await VenueTwin.StartAsync(
            new VenueTwinOptions { MaxConnectionAge = TimeSpan.FromMinutes(5), Symbols = ["BTCUSDT"] }, _clock);
        using StreamClient client = await StreamClient.OpenAsync(venue, "/market/stream");
        _clock.Advance(TimeSpan.FromMinutes(4.9));
        Assert.Empty(await client.AllAsync());
        _clock.Advance(TimeSpan.FromMinutes(0.2));
        Assert.Null(await client.NextTextAsync());
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, client.Socket.CloseStatus);
    }

    [Fact]
    public async Task The_server_pings_and_closes_a_connection_that_answers_no_ping()
    {
        await using VenueTwin venue = await VenueTwin.StartAsync(
            new VenueTwinOptions { Symbols = ["BTCUSDT"] }, _clock);
        using RawStreamClient deaf = await RawStreamClient.OpenAsync(venue, "/market/stream");
        _clock.Advance(TimeSpan.FromMinutes(3.1));
        (byte opcode, byte[] payload) = await deaf.ReadFrameAsync();
        Assert.Equal(0x9, opcode);
        Assert.NotEmpty(payload);
        await deaf.SendAsync(0xA, payload);
        await deaf.SendAsync(0x1, """{"method":"LIST_SUBSCRIPTIONS","id":1}"""u8.ToArray());
        Assert.Equal(0x1, (await deaf.ReadFrameAsync()).Opcode); // the venue has read the pong by now
        _clock.Advance(TimeSpan.FromMinutes(9.9));
        byte last = 0;
        int pings = 0;
        _clock.Advance(TimeSpan.FromMinutes(4));
        while (last != 0x8)
        {
            (last, _) = await deaf.ReadFrameAsync();
            pings += last == 0x9 ? 1 : 0;
        }

        Assert.Equal(3, pings);
    }

    [Fact]
    public async Task The_301st_connection_within_five_minutes_is_refused()
    {
        await using VenueTwin venue = await VenueTwin.StartAsync(
            new VenueTwinOptions { MaxConnectionsPerFiveMinutes = 3, Symbols = ["BTCUSDT"] }, _clock);
        for (int i = 0; i < 3; i++)
        {
            (await StreamClient.OpenAsync(venue, "/market/stream")).Dispose();
        }

        await Assert.ThrowsAsync<WebSocketException>(() => StreamClient.OpenAsync(venue, "/market/stream"));
        _clock.Advance(TimeSpan.FromMinutes(5));
        (await StreamClient.OpenAsync(venue, "/market/stream")).Dispose();
    }

    [Fact]
    public async Task Coin_margined_rows_are_mixed_into_the_streams_of_all_symbols()
    {
        await using VenueTwin venue = await VenueTwin.StartAsync(new VenueTwinOptions(), _clock);
        using StreamClient client = await StreamClient.OpenAsync(
            venue, "/market/stream?streams=!forceOrder@arr/!markPrice@arr@1s");
        _clock.Advance(TimeSpan.FromMinutes(3));
        List<JsonElement> messages = await client.AllAsync();
        List<JsonElement> orders = [.. messages.Select(static m => m.GetProperty("data"))
            .Where(static d => d.ValueKind == JsonValueKind.Object)];
        Assert.Contains(
            orders, static o => o.GetProperty("st").GetInt32() == 2 && o.GetProperty("ps").GetString() == "BTCUSD");
        Assert.Contains(orders, static o => o.GetProperty("st").GetInt32() == 1);
        JsonElement marks = messages.Select(static m => m.GetProperty("data")).First(
            static d => d.ValueKind == JsonValueKind.Array);
        Assert.Equal(15, marks.GetArrayLength());
        Assert.Contains(marks.EnumerateArray(), static m => m.GetProperty("st").GetInt32() == 2);
    }

    [Fact]
    public async Task Some_messages_carry_a_field_that_nobody_knows()
    {
        await using VenueTwin venue = await VenueTwin.StartAsync(
            new VenueTwinOptions { UnknownFieldEvery = 10 }, _clock);
        using StreamClient client = await StreamClient.OpenAsync(venue, "/public/stream?streams=btcusdt@depth20@100ms");
        _clock.Advance(TimeSpan.FromSeconds(30));
        List<JsonElement> messages = await client.AllAsync();
        int strange = messages.Count(static m => m.GetProperty("data").TryGetProperty("zz", out _));
        Assert.InRange(strange, 5, messages.Count / 3);
    }
}
