using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Feeds.Simulator;
using Feeds.Simulator.Faults;
using Feeds.Simulator.Ledgers;
using Feeds.Simulator.Server;
using Feeds.Tests.Time;
using Xunit;

namespace Feeds.Tests.Simulator.Faults;

public sealed class StreamFaultTests : IAsyncLifetime
{
    private const string Trades = "btcusdt@aggTrade";

    private readonly ManualTimeProvider _clock = new(new DateTimeOffset(2026, 3, 5, 8, 0, 10, TimeSpan.Zero));
    private VenueTwin _venue = null!;
    private RestClient _rest = null!;

    public async ValueTask InitializeAsync()
    {
        _venue = await VenueTwin.StartAsync(new VenueTwinOptions { KeepLedger = true, UnknownFieldEvery = 0 }, _clock);
        _rest = new RestClient(_venue);
    }

    public async ValueTask DisposeAsync()
    {
        _rest.Dispose();
        await _venue.DisposeAsync();
    }

    [Fact]
    public async Task A_closed_connection_gets_a_close_frame_and_others_live_on()
    {
        using StreamClient hit = await StreamClient.OpenAsync(_venue, $"/market/stream?streams={Trades}");
        using StreamClient spared = await StreamClient.OpenAsync(_venue, "/market/stream?streams=ethusdt@aggTrade");
        _venue.Inject(new Fault { Kind = FaultKind.Close, Symbol = "BTCUSDT" });
        _clock.Advance(TimeSpan.FromSeconds(5));
        while (await hit.NextTextAsync() is not null)
        {
        }

        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, hit.Socket.CloseStatus);
        Assert.NotEmpty(await spared.AllAsync());
    }

    [Fact]
    public async Task A_reset_connection_breaks_without_a_close_frame()
    {
        using StreamClient client = await StreamClient.OpenAsync(_venue, $"/market/stream?streams={Trades}");
        _venue.Inject(new Fault { Kind = FaultKind.Reset, Connection = 1 });
        _clock.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<WebSocketException>(async () =>
        {
            while (await client.NextTextAsync() is not null)
            {
            }
        });
    }

    [Fact]
    public async Task A_storm_closes_every_connection_that_opens_while_it_lasts()
    {
        using IDisposable storm = _venue.Inject(
            new Fault { Kind = FaultKind.Close, Duration = TimeSpan.FromSeconds(10) });
        for (int i = 0; i < 3; i++)
        {
            using StreamClient client = await StreamClient.OpenAsync(_venue, "/market/stream");
            _clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Null(await client.NextTextAsync());
        }

        _clock.Advance(TimeSpan.FromSeconds(8));
        using StreamClient survivor = await StreamClient.OpenAsync(_venue, $"/market/stream?streams={Trades}");
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.NotEmpty(await survivor.AllAsync());
    }

    [Fact]
    public async Task A_muted_stream_is_silent_beside_others_and_comes_back_with_the_hole()
    {
        using StreamClient client = await StreamClient.OpenAsync(
            _venue, $"/market/stream?streams={Trades}/btcusdt@markPrice@1s");
        _clock.Advance(TimeSpan.FromSeconds(5));
        _venue.Inject(new Fault
        {
            Kind = FaultKind.Mute,
            Symbol = "BTCUSDT",
            Stream = "aggTrade",
            Duration = TimeSpan.FromSeconds(10),
        });
        _clock.Advance(TimeSpan.FromSeconds(20));
        List<long> ids = Ids(await client.AllAsync());
        int jumps = ids.Zip(ids.Skip(1)).Count(static pair => pair.Second != pair.First + 1);
        Assert.Equal(1, jumps);
        IReadOnlyList<LedgerMessage> lost = _venue.Ledger.NeverSent(Trades);
        Assert.Equal(_venue.Ledger.Generated(Trades).Count - ids.Count, lost.Count);
        Assert.InRange(lost[^1].EventTime - lost[0].EventTime, 8_000, 10_000);
        Assert.InRange(_venue.Ledger.Sent("btcusdt@markPrice@1s").Count, 24, 25);
    }

    [Fact]
    public async Task A_share_is_lost_the_same_on_all_connections_unless_it_says_otherwise()
    {
        using StreamClient one = await StreamClient.OpenAsync(_venue, $"/market/stream?streams={Trades}");
        using StreamClient two = await StreamClient.OpenAsync(_venue, $"/market/stream?streams={Trades}");
        using (_venue.Inject(new Fault { Kind = FaultKind.Lose, Share = 0.3, Duration = null }))
        {
            _clock.Advance(TimeSpan.FromSeconds(30));
        }

        List<long> first = Ids(await one.AllAsync());
        Assert.Equal(first, Ids(await two.AllAsync()));
        double share = first.Count / (double)_venue.Ledger.Generated(Trades).Count;
        Assert.InRange(share, 0.6, 0.8);
        _clock.Advance(TimeSpan.FromMilliseconds(20));
        int before = _venue.Ledger.Generated(Trades).Count;
        using (_venue.Inject(new Fault { Kind = FaultKind.Lose, Share = 0.3, Duration = null, PerConnection = true }))
        {
            _clock.Advance(TimeSpan.FromSeconds(30));
        }

        HashSet<long> union = [.. Ids(await one.AllAsync())];
        int alone = union.Count;
        union.UnionWith(Ids(await two.AllAsync()));
        Assert.True(union.Count > alone);
        Assert.InRange(union.Count / (double)(_venue.Ledger.Generated(Trades).Count - before), 0.85, 0.97);
    }

    [Fact]
    public async Task A_range_of_ids_is_lost_exactly()
    {
        using StreamClient client = await StreamClient.OpenAsync(_venue, $"/market/stream?streams={Trades}");
        _clock.Advance(TimeSpan.FromSeconds(1));
        long next = _venue.Ledger.Trades("BTCUSDT")[^1].Id + 1;
        _venue.Inject(new Fault
        {
            Kind = FaultKind.Lose,
            Stream = Trades,
            FromId = next + 5,
            ToId = next + 9,
            Duration = null,
        });
        _clock.Advance(TimeSpan.FromSeconds(10));
        List<long> ids = Ids(await client.AllAsync());
        Assert.Contains(next + 4, ids);
        Assert.Contains(next + 10, ids);
        Assert.Equal([next + 5, next + 6, next + 7, next + 8, next + 9], _venue.Ledger.NeverSent(Trades).Select(
            static m => m.Id));
    }

    [Fact]
    public async Task Duplicates_come_twice_and_are_marked_in_the_ledger()
    {
        using StreamClient client = await StreamClient.OpenAsync(_venue, $"/market/stream?streams={Trades}");
        _venue.Inject(new Fault { Kind = FaultKind.Duplicate, Share = 0.5, Duration = null });
        _clock.Advance(TimeSpan.FromSeconds(20));
        List<long> ids = Ids(await client.AllAsync());
        Assert.Equal(_venue.Ledger.Generated(Trades).Select(static m => m.Id), ids.Distinct());
        int copies = _venue.Ledger.Sent(Trades).Count(static m => m.Fault == FaultKind.Duplicate);
        Assert.Equal(ids.Count - ids.Distinct().Count(), copies);
        Assert.True(copies > 20);
    }

    [Fact]
    public async Task Reordering_shuffles_within_its_bound_and_loses_nothing()
    {
        using StreamClient client = await StreamClient.OpenAsync(_venue, $"/market/stream?streams={Trades}");
        _venue.Inject(new Fault { Kind = FaultKind.Reorder, Within = 5, Duration = TimeSpan.FromSeconds(20) });
        _clock.Advance(TimeSpan.FromSeconds(25));
        List<long> ids = Ids(await client.AllAsync());
        Assert.NotEqual(ids.Order(), ids);
        Assert.Equal(_venue.Ledger.Generated(Trades).Select(static m => m.Id), ids.Order());
        for (int i = 0; i < ids.Count; i++)
        {
            Assert.InRange(ids[i] - ids[0] - i, -9, 9);
        }
    }

    [Fact]
    public async Task Delayed_messages_come_later_and_in_order()
    {
        using StreamClient client = await StreamClient.OpenAsync(_venue, $"/market/stream?streams={Trades}");
        _venue.Inject(new Fault { Kind = FaultKind.Delay, Delay = TimeSpan.FromSeconds(3), Duration = null });
        _clock.Advance(TimeSpan.FromSeconds(10));
        List<long> ids = Ids(await client.AllAsync());
        IReadOnlyList<LedgerMessage> generated = _venue.Ledger.Generated(Trades);
        Assert.Equal(generated.Take(ids.Count).Select(static m => m.Id), ids);
        Assert.InRange(generated[^1].EventTime - generated[ids.Count - 1].EventTime, 2500, 3500);
    }

    [Fact]
    public async Task Garbled_frames_are_broken_and_the_others_whole()
    {
        using StreamClient client = await StreamClient.OpenAsync(_venue, $"/market/stream?streams={Trades}");
        _venue.Inject(new Fault { Kind = FaultKind.Garble, Share = 0.2, Duration = null });
        _clock.Advance(TimeSpan.FromSeconds(30));
        byte[] buffer = new byte[1 << 16];
        int broken = 0;
        int count = _venue.Ledger.Generated(Trades).Count;
        Assert.True(count > 100);
        using RawStreamClient raw = await RawStreamClient.OpenAsync(_venue, $"/market/stream?streams={Trades}");
        _clock.Advance(TimeSpan.FromSeconds(30));
        int more = _venue.Ledger.Generated(Trades).Count - count;
        for (int i = 0; i < more; i++)
        {
            (byte _, byte[] payload) = await raw.ReadFrameAsync();
            broken += IsWhole(payload) ? 0 : 1;
        }

        Assert.InRange(broken / (double)more, 0.1, 0.3);
    }

    [Fact]
    public async Task A_huge_frame_is_as_long_as_asked_for_and_still_one_message()
    {
        using StreamClient client = await StreamClient.OpenAsync(_venue, "/market/stream?streams=btcusdt@markPrice@1s");
        using IDisposable fault = _venue.Inject(
            new Fault { Kind = FaultKind.HugeFrame, Bytes = 9_000_000, Duration = null });
        _clock.Advance(TimeSpan.FromSeconds(1.2));
        string message = (await client.NextTextAsync())!;
        Assert.Equal(9_000_000, message.Length);
        Assert.Equal("btcusdt@markPrice@1s", JsonDocument.Parse(message).RootElement.GetProperty("stream").GetString());
    }

    [Fact]
    public async Task A_dripping_connection_sends_a_byte_at_a_time()
    {
        using RawStreamClient client = await RawStreamClient.OpenAsync(
            _venue, "/market/stream?streams=btcusdt@markPrice@1s");
        _venue.Inject(new Fault { Kind = FaultKind.Drip, Delay = TimeSpan.FromSeconds(1), Duration = null });
        _clock.Advance(TimeSpan.FromMilliseconds(20));
        int timers = _clock.PendingTimers;
        _clock.Advance(TimeSpan.FromSeconds(1.1));
        Task<(byte Opcode, byte[] Payload)> frame = client.ReadFrameAsync();
        for (int i = 0; i < 20; i++)
        {
            while (_clock.PendingTimers == timers)
            {
                await Task.Yield(); // the byte is out once its delay runs
            }

            Assert.False(frame.IsCompleted);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task A_half_open_connection_is_silent_unanswering_and_breaks_at_the_end()
    {
        using RawStreamClient client = await RawStreamClient.OpenAsync(
            _venue, "/market/stream?streams=btcusdt@markPrice@1s");
        _clock.Advance(TimeSpan.FromSeconds(3.5));
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(0x1, (await client.ReadFrameAsync()).Opcode);
        }

        _venue.Inject(new Fault
        {
            Kind = FaultKind.HalfOpen,
            Route = StreamRoute.Market,
            Duration = TimeSpan.FromSeconds(30),
        });
        _clock.Advance(TimeSpan.FromSeconds(1));
        await client.SendAsync(0x9, "hello"u8.ToArray());
        _clock.Advance(TimeSpan.FromSeconds(20));
        Task<(byte Opcode, byte[] Payload)> next = client.ReadFrameAsync();
        Assert.False(next.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(10));
        await Assert.ThrowsAnyAsync<IOException>(() => next);
        Assert.Equal(3, _venue.Ledger.Sent("btcusdt@markPrice@1s").Count);
    }

    [Fact]
    public async Task A_symbol_that_settles_is_announced_and_falls_silent()
    {
        using StreamClient client = await StreamClient.OpenAsync(
            _venue, $"/market/stream?streams=!contractInfo/{Trades}");
        _clock.Advance(TimeSpan.FromSeconds(2));
        _venue.SetStatus("BTCUSDT", "SETTLING");
        int before = Ids(await client.AllAsync()).Count;
        Assert.True(before > 0);
        long end = _venue.Now.ToUnixTimeMilliseconds();
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Empty(await client.AllAsync());
        Assert.Equal((400, -4108), await _rest.FailAsync("/fapi/v1/openInterest?symbol=BTCUSDT"));
        JsonElement bars = await _rest.GetAsync("/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=2");
        Assert.True(bars[1][0].GetInt64() <= end);
        JsonElement exchange = await _rest.GetAsync("/fapi/v1/exchangeInfo");
        Assert.Equal("SETTLING", exchange.GetProperty("symbols")[0].GetProperty("status").GetString());
        _venue.SetStatus("BTCUSDT", "TRADING");
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.NotEmpty(Ids(await client.AllAsync()));
    }

    private static List<long> Ids(List<JsonElement> messages) =>
        [.. messages.Select(static m => m.GetProperty("data")).Where(
            static d => d.GetProperty("e").GetString() == "aggTrade")
            .Select(static d => d.GetProperty("a").GetInt64())];

    // A lax reader's view would hide damage: each field must be there with a value of its shape.
    private static bool IsWhole(byte[] payload)
    {
        try
        {
            JsonElement data = JsonDocument.Parse(
                new UTF8Encoding(false, true).GetString(payload)).RootElement.GetProperty("data");
            return decimal.TryParse(
                data.GetProperty("p").GetString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _)
                && decimal.TryParse(
                    data.GetProperty("q").GetString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                        out _)
                && decimal.TryParse(
                    data.GetProperty("nq").GetString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                        out _);
        }
        catch (Exception e) when (
            e is JsonException or ArgumentException or KeyNotFoundException or InvalidOperationException)
        {
            return false;
        }
    }
}
