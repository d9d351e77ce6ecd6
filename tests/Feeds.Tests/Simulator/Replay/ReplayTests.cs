using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Feeds.Simulator;
using Feeds.Tests.Time;
using Xunit;

namespace Feeds.Tests.Simulator.Replay;

/// <summary>Real captures replayed over real sockets, against what a slow, separate reading of the file says.</summary>
public sealed class ReplayTests
{
    // The captures of 2024 begin at 23:54:15 or so; this moment makes the constant a whole number of minutes without a
    // wait.
    private readonly ManualTimeProvider _clock = new(new DateTimeOffset(2026, 11, 21, 10, 0, 10, TimeSpan.Zero));

    [Fact]
    public async Task A_partial_book_of_a_replay_equals_a_book_kept_the_slow_way_from_the_file()
    {
        string path = RecordedFiles.Find("ws/usdm_ethusdt_20240808.gz");
        await using VenueTwin venue = await VenueTwin.StartAsync(
            new VenueTwinOptions
            {
                Replay = [path],
                UnknownFieldEvery = 0,
                PumpInterval = TimeSpan.FromMilliseconds(100),
            }, _clock);
        using StreamClient client = await StreamClient.OpenAsync(venue, "/public/stream?streams=ethusdt@depth20@100ms");
        _clock.Advance(TimeSpan.FromSeconds(40));
        Dictionary<long, JsonElement> published = [];
        foreach (JsonElement message in await client.AllAsync())
        {
            JsonElement data = message.GetProperty("data");
            published[data.GetProperty("u").GetInt64()] = data;
        }

        Assert.True(published.Count > 200, $"{published.Count} books");
        int compared = 0;
        SlowBook? book = null;
        List<JsonElement> before = [];
        foreach (JsonElement message in Lines(path))
        {
            if (message.TryGetProperty("lastUpdateId", out _))
            {
                book = new SlowBook(message);
                before.ForEach(book.Apply);
                continue;
            }

            JsonElement data = message.GetProperty("data");
            if (data.GetProperty("e").GetString() != "depthUpdate")
            {
                continue;
            }

            if (book is null)
            {
                before.Add(data);
                continue;
            }

            book.Apply(data);
            if (published.Remove(book.LastUpdateId, out JsonElement seen))
            {
                Assert.Equal(book.Bids(20), Levels(seen, "b"));
                Assert.Equal(book.Asks(20), Levels(seen, "a"));
                compared++;
                if (compared % 50 == 0 && published.Count == 0)
                {
                    break;
                }
            }
        }

        Assert.Empty(published);
        Assert.True(compared > 200);
    }

    [Fact]
    public async Task Trades_keep_their_ids_order_and_spacing_and_all_times_move_by_whole_minutes()
    {
        string path = RecordedFiles.Find("ws/usdm_btcusdt_20240808.gz");
        await using VenueTwin venue = await VenueTwin.StartAsync(
            new VenueTwinOptions { Replay = [path], UnknownFieldEvery = 0 }, _clock);
        using StreamClient client = await StreamClient.OpenAsync(
            venue, "/market/stream?streams=btcusdt@aggTrade/btcusdt@kline_1m");
        _clock.Advance(TimeSpan.FromMinutes(2));
        List<JsonElement> messages = [.. (await client.AllAsync()).Select(static m => m.GetProperty("data"))];
        List<JsonElement> seen = [.. messages.Where(static m => m.GetProperty("e").GetString() == "aggTrade")];
        List<JsonElement> recorded = [.. Lines(path).Where(static m => m.TryGetProperty("data", out JsonElement d)
            && d.GetProperty("e").GetString() == "trade").Select(static m => m.GetProperty("data"))];
        Assert.True(seen.Count > 500, $"{seen.Count} trades");
        long moved = seen[0].GetProperty("T").GetInt64() - recorded[0].GetProperty("T").GetInt64();
        Assert.Equal(0, moved % 60_000);
        for (int i = 0; i < seen.Count; i++)
        {
            Assert.Equal(recorded[i].GetProperty("t").GetInt64(), seen[i].GetProperty("a").GetInt64());
            Assert.Equal(recorded[i].GetProperty("p").GetString(), seen[i].GetProperty("p").GetString());
            Assert.Equal(recorded[i].GetProperty("q").GetString(), seen[i].GetProperty("q").GetString());
            Assert.Equal(recorded[i].GetProperty("m").GetBoolean(), seen[i].GetProperty("m").GetBoolean());
            Assert.Equal(moved, seen[i].GetProperty("T").GetInt64() - recorded[i].GetProperty("T").GetInt64());
            Assert.InRange(seen[i].GetProperty("E").GetInt64() - moved - recorded[i].GetProperty("E").GetInt64(), 0,
                1500);
        }

        JsonElement bar = messages.Last(static m => m.GetProperty("e").GetString() == "kline"
            && m.GetProperty("k").GetProperty("x").GetBoolean()).GetProperty("k");
        List<JsonElement> inside =
            [.. recorded.Where(t => t.GetProperty("T").GetInt64() + moved >= bar.GetProperty("t").GetInt64()
            && t.GetProperty("T").GetInt64() + moved <= bar.GetProperty("T").GetInt64())];
        Assert.Equal(inside.Sum(static t => Number(t.GetProperty("q"))), Number(bar.GetProperty("v")));
        Assert.Equal(inside.Max(static t => Number(t.GetProperty("p"))), Number(bar.GetProperty("h")));
        Assert.Equal(inside.Count, bar.GetProperty("n").GetInt32());
    }

    [Fact]
    public async Task Two_files_of_one_session_join_and_recorded_marks_are_replayed()
    {
        string[] files =
            [RecordedFiles.Find("ws/usdm_btcusdt_20230404.dat.gz"), RecordedFiles.Find(
                "ws/usdm_btcusdt_20230405.dat.gz")];
        await using VenueTwin venue = await VenueTwin.StartAsync(
            new VenueTwinOptions
            {
                Replay = files,
                UnknownFieldEvery = 0,
                PumpInterval = TimeSpan.FromMilliseconds(100),
            }, _clock);
        using StreamClient books = await StreamClient.OpenAsync(venue, "/public/stream?streams=btcusdt@depth@100ms");
        using StreamClient marks = await StreamClient.OpenAsync(venue, "/market/stream?streams=btcusdt@markPrice@1s");
        _clock.Advance(TimeSpan.FromMinutes(4));
        List<JsonElement> seen = [.. (await marks.AllAsync()).Select(static m => m.GetProperty("data"))];
        JsonElement first = Lines(files[0]).First(static m => m.TryGetProperty("stream", out JsonElement s)
            && s.GetString()!.EndsWith("markPrice@1s", StringComparison.Ordinal)).GetProperty("data");
        Assert.Equal(Number(first.GetProperty("p")), Number(seen[0].GetProperty("p")));
        Assert.Equal(Number(first.GetProperty("i")), Number(seen[0].GetProperty("i")));
        Assert.Equal(first.GetProperty("r").GetString(), seen[0].GetProperty("r").GetString());
        Assert.InRange(seen.Count, 150, 240);

        // The chain goes on over the cut at midnight.
        long previous = 0;
        List<JsonElement> deltas = [.. (await books.AllAsync()).Select(static m => m.GetProperty("data"))];
        Assert.True(deltas.Count > 1500, $"{deltas.Count} deltas");
        foreach (JsonElement delta in deltas)
        {
            Assert.True(previous == 0 || delta.GetProperty("pu").GetInt64() == previous);
            previous = delta.GetProperty("u").GetInt64();
        }

        using RestClient rest = new(venue);
        JsonElement premium = await rest.GetAsync("/fapi/v1/premiumIndex?symbol=BTCUSDT");
        Assert.Equal(seen[^1].GetProperty("p").GetString(), premium.GetProperty("markPrice").GetString());
        Assert.True(Number(
            (await rest.GetAsync("/fapi/v1/openInterest?symbol=BTCUSDT")).GetProperty("openInterest")) > 0);
    }

    [Fact]
    public async Task A_capture_of_four_symbols_is_bridged_by_the_snapshots_beside_it()
    {
        string path = RecordedFiles.Find("ws/BINANCE_FUTURES.ws.1.0.gz");
        await using VenueTwin venue = await VenueTwin.StartAsync(
            new VenueTwinOptions { Replay = [path], UnknownFieldEvery = 0 }, _clock);
        Assert.Equal(["AKROUSDT", "CTKUSDT", "KEEPUSDT", "SUSHIUSDT"], venue.Symbols.Order(StringComparer.Ordinal));
        using StreamClient client = await StreamClient.OpenAsync(
            venue,
            "/public/stream?streams=sushiusdt@depth20@100ms/akrousdt@depth20@100ms/keepusdt@depth20@100ms/" +
            "ctkusdt@depth20@100ms");
        _clock.Advance(TimeSpan.FromSeconds(85));
        List<JsonElement> messages = await client.AllAsync();
        Assert.Equal(4, messages.Select(static m => m.GetProperty("stream").GetString()).Distinct().Count());
        Assert.All(messages, static m =>
            Assert.True(Levels(m.GetProperty("data"), "b")[0].Price < Levels(m.GetProperty("data"), "a")[0].Price));
        using RestClient rest = new(venue);
        JsonElement trades = await rest.GetAsync("/fapi/v1/aggTrades?symbol=SUSHIUSDT&limit=5");
        Assert.True(trades[0].GetProperty("l").GetInt64() >= trades[0].GetProperty("f").GetInt64());
    }

    [Fact]
    public async Task Completion_ends_with_the_recording_and_afterwards_the_venue_is_silent()
    {
        string path = RecordedFiles.Find("ws/BINANCE_FUTURES.ws.1.0.gz");
        await using VenueTwin venue = await VenueTwin.StartAsync(new VenueTwinOptions { Replay = [path] }, _clock);
        Assert.False(venue.Completion.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(130));
        await venue.Completion.WaitAsync(TimeSpan.FromSeconds(10));
        using StreamClient client = await StreamClient.OpenAsync(
            venue, "/market/stream?streams=sushiusdt@aggTrade/sushiusdt@kline_1m/sushiusdt@markPrice@1s");
        _clock.Advance(TimeSpan.FromMinutes(3));
        Assert.Empty(await client.AllAsync());
    }

    [Fact]
    public async Task Bars_become_trades_that_make_the_same_bars_again()
    {
        string path = RecordedFiles.Find("klines_1m/FILUSDT-1m-2024-02.csv.gz");
        await using VenueTwin venue = await VenueTwin.StartAsync(
            new VenueTwinOptions { Replay = [path], ReplaySkip = TimeSpan.FromDays(2) }, _clock);
        using RestClient rest = new(venue);
        _clock.Advance(TimeSpan.FromMinutes(2));
        JsonElement rows = await rest.GetAsync("/fapi/v1/klines?symbol=FILUSDT&interval=1m&limit=1500");
        string[] lines = [.. Text(path).Split('\n').Skip(1).Take((2 * 1440) + 4)];
        int compared = 0;
        long moved = 0;
        for (int i = 0; i < rows.GetArrayLength() - 1; i++)
        {
            string[] cells = lines[(2 * 1440) - (rows.GetArrayLength() - 1) + i + 1 + Offset(rows, lines)].Split(',');
            moved = moved == 0 ? rows[i][0].GetInt64() - long.Parse(cells[0], CultureInfo.InvariantCulture) : moved;
            Assert.Equal(moved, rows[i][0].GetInt64() - long.Parse(cells[0], CultureInfo.InvariantCulture));
            Assert.Equal(0, moved % 60_000);
            for (int column = 1; column <= 5; column++)
            {
                Assert.Equal(decimal.Parse(cells[column], CultureInfo.InvariantCulture), Number(rows[i][column]));
            }

            Assert.Equal(decimal.Parse(cells[9], CultureInfo.InvariantCulture), Number(rows[i][9]));
            compared++;
        }

        Assert.True(compared > 1000);
    }

    [Fact]
    public async Task A_file_that_is_no_recording_stops_the_start_with_one_sentence()
    {
        string path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "hello\n{ not json\n");
        Feeds.Core.FeedsException error = await Assert.ThrowsAsync<Feeds.Core.FeedsException>(
            () => VenueTwin.StartAsync(new VenueTwinOptions { Replay = [path] }, _clock));
        Assert.Contains("line 2", error.Message, StringComparison.Ordinal);
        File.Delete(path);
    }

    // Where the first served row stands among the lines, found by its closing price and volume.
    private static int Offset(JsonElement rows, string[] lines)
    {
        int expected = (2 * 1440) - (rows.GetArrayLength() - 1) + 1;
        for (int shift = -3; shift <= 3; shift++)
        {
            string[] cells = lines[expected + shift].Split(',');
            if (decimal.Parse(cells[5], CultureInfo.InvariantCulture) == Number(rows[0][5]))
            {
                return shift;
            }
        }

        throw new InvalidOperationException("no line has the volume of the first row");
    }

    private static string Text(string path)
    {
        using StreamReader reader = new(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        return reader.ReadToEnd();
    }

    private static IEnumerable<JsonElement> Lines(string path)
    {
        using StreamReader reader = new(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            yield return JsonDocument.Parse(line[line.IndexOf('{', StringComparison.Ordinal)..]).RootElement;
        }
    }

    private static decimal Number(JsonElement e) => decimal.Parse(e.GetString()!, CultureInfo.InvariantCulture);

    private static List<(decimal Price, decimal Quantity)> Levels(JsonElement e, string name) =>
        [.. e.GetProperty(name).EnumerateArray().Select(static l => (Number(l[0]), Number(l[1])))];
}
