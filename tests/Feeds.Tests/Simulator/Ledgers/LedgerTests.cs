using System.Text.Json;
using Feeds.Simulator;
using Feeds.Simulator.Faults;
using Feeds.Simulator.Ledgers;
using Feeds.Tests.Time;
using Xunit;

namespace Feeds.Tests.Simulator.Ledgers;

public sealed class LedgerTests
{
    private readonly ManualTimeProvider _clock = new(new DateTimeOffset(2026, 3, 5, 8, 0, 10, TimeSpan.Zero));

    [Fact]
    public async Task What_each_client_received_is_what_the_ledger_says_was_sent_to_it()
    {
        await using VenueTwin venue = await VenueTwin.StartAsync(new VenueTwinOptions { KeepLedger = true }, _clock);
        using StreamClient one = await StreamClient.OpenAsync(
            venue, "/market/stream?streams=btcusdt@aggTrade/ethusdt@kline_1m/solusdt@markPrice@1s/!forceOrder@arr");
        using StreamClient two = await StreamClient.OpenAsync(
            venue, "/public/stream?streams=btcusdt@depth20@100ms/btcusdt@depth@100ms");
        venue.Inject(new Fault { Kind = FaultKind.Lose, Share = 0.1, Duration = null });
        _clock.Advance(TimeSpan.FromSeconds(90));
        List<JsonElement>[] received = [await one.AllAsync(), await two.AllAsync()];
        await venue.FlushAsync();
        for (int i = 0; i < 2; i++)
        {
            IReadOnlyList<LedgerMessage> sent = venue.Ledger.SentOn(i + 1);
            Assert.Equal(received[i].Count, sent.Count);
            for (int k = 0; k < sent.Count; k++)
            {
                JsonElement data = received[i][k].GetProperty("data");
                Assert.Equal(received[i][k].GetProperty("stream").GetString(), sent[k].Stream);
                Assert.Equal(data.GetProperty("E").GetInt64(), sent[k].EventTime);
                Assert.Equal(NaturalId(data), sent[k].Id);
            }
        }

        foreach (string stream in venue.Ledger.Streams)
        {
            int lost = venue.Ledger.NeverSent(stream).Count(
                static m => m.IsFinal || m.Stream.Contains("kline", StringComparison.Ordinal));
            Assert.Equal(venue.Ledger.Generated(stream).Count, venue.Ledger.Sent(stream).Count + lost);
        }
    }

    [Fact]
    public async Task Trades_are_in_the_ledger_without_anybody_listening_and_without_a_hole()
    {
        await using VenueTwin venue = await VenueTwin.StartAsync(new VenueTwinOptions { KeepLedger = true }, _clock);
        _clock.Advance(TimeSpan.FromSeconds(90));
        IReadOnlyList<Feeds.Simulator.Markets.TradePrint> trades = venue.Ledger.Trades("ETHUSDT");
        Assert.True(trades.Count > 100);
        Assert.Equal(Enumerable.Range(0, trades.Count).Select(i => trades[0].Id + i), trades.Select(static t => t.Id));
    }

    [Fact]
    public async Task The_file_tells_the_same_as_the_memory()
    {
        string path = Path.GetTempFileName();
        string[] sent;
        string[] trades;
        await using (VenueTwin venue = await VenueTwin.StartAsync(
            new VenueTwinOptions { KeepLedger = true, LedgerPath = path }, _clock))
        {
            using StreamClient client = await StreamClient.OpenAsync(
                venue, "/market/stream?streams=btcusdt@aggTrade/币安人生usdt@kline_1m");
            _clock.Advance(TimeSpan.FromSeconds(70));
            await client.AllAsync();
            await venue.FlushAsync();
            sent = [.. venue.Ledger.SentOn(1).Select(
                static m => $"{m.Stream} {m.Id} {m.EventTime} {(m.IsFinal ? 1 : 0)}")];
            trades = [.. venue.Ledger.Trades("BTCUSDT").Select(static t => $"{t.Id}")];
        }

        Dictionary<int, string> streams = [];
        List<string> fileSent = [];
        List<string> fileTrades = [];
        string[] lines = await File.ReadAllLinesAsync(path);
        Assert.StartsWith("""["ledger",2,""", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("""["end",""", lines[^1], StringComparison.Ordinal);
        foreach (JsonElement line in lines.Select(static l => JsonDocument.Parse(l).RootElement))
        {
            switch (line[0].GetString())
            {
                case "stream":
                    streams.Add(line[1].GetInt32(), line[2].GetString()!);
                    break;
                case "s":
                    Assert.Equal(1, line[1].GetInt32());
                    fileSent.Add($"{streams[line[2].GetInt32()]} {line[3]} {line[4]} {line[5]}");
                    break;
                case "t" when line[1].GetString() == "BTCUSDT":
                    for (long id = line[2].GetInt64(); id <= line[3].GetInt64(); id++)
                    {
                        fileTrades.Add($"{id}");
                    }

                    break;
            }
        }

        Assert.Equal(sent, fileSent);
        Assert.Equal(trades, fileTrades);
        File.Delete(path);
    }

    [Fact]
    public async Task Connections_and_faults_are_noted_with_their_time()
    {
        await using VenueTwin venue = await VenueTwin.StartAsync(
            new VenueTwinOptions { Faults = [new Fault { Kind = FaultKind.Reset, At = TimeSpan.FromSeconds(5) }] },
                _clock);
        using StreamClient client = await StreamClient.OpenAsync(venue, "/market/stream");
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(
            ["opened Market combined", "fault Reset begins", "reset", "fault Reset ends"],
            venue.Ledger.Notes.Select(static note => note.What));
        Assert.Equal(5000, venue.Ledger.Notes[1].Time - venue.Ledger.Notes[0].Time);
    }

    private static long NaturalId(JsonElement data) => data.GetProperty("e").GetString() switch
    {
        "aggTrade" => data.GetProperty("a").GetInt64(),
        "depthUpdate" => data.GetProperty("u").GetInt64(),
        "kline" => data.GetProperty("k").GetProperty("t").GetInt64(),
        "forceOrder" => data.GetProperty("o").GetProperty("T").GetInt64(),
        _ => data.GetProperty("E").GetInt64(),
    };
}
