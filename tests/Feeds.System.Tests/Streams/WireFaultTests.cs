using Feeds.Simulator.Faults;
using Feeds.Simulator.Ledgers;
using Feeds.Simulator.Server;
using Feeds.System.Tests.Journal;
using Feeds.System.Tests.Program;
using Xunit;

namespace Feeds.System.Tests.Streams;

/// <summary>
/// What happens to connections in production, to the real program by the real clock; then accounts are settled.
/// </summary>
public sealed class WireFaultTests
{
    // Of what one frame or one answer may make the program take, with room for what the runtime keeps.
    private const long MemoryLimitKb = 300_000;

    [Fact]
    public async Task A_connection_whose_other_end_is_gone_is_noticed_and_replaced()
    {
        await using WatchedMarket market = await WatchedMarket.StartAsync(seed: 21);
        await using FeedsProgram node = market.Node();
        await market.WellAsync(node);
        int opened = Opened(market);
        market.Venue.Inject(
            new Fault { Kind = FaultKind.HalfOpen, Connection = Newest(market, StreamRoute.Public), Duration = null });
        await WatchedMarket.SaysAsync(node, "lost: silent");
        await WatchedMarket.UntilAsync(() => Opened(market) > opened, () => node.Errors);
        await market.MoreRowsAsync(node, 4);
        await market.WellAsync(node);
        await WatchedMarket.StopAsync(node);
        await market.VerifyAsync();
    }

    [Fact]
    public async Task A_server_that_sends_byte_by_byte_or_answers_nothing_holds_up_nobody_else()
    {
        await using WatchedMarket market = await WatchedMarket.StartAsync(seed: 22, streams: 1);
        await using FeedsProgram node = market.Node();
        await market.WellAsync(node);
        int rows = market.Lines().Length;
        IDisposable[] slow =
        [
            market.Venue.Inject(new Fault
            {
                Kind = FaultKind.Drip,
                Symbol = "BTCUSDT",
                Stream = "depth",
                Delay = TimeSpan.FromSeconds(1),
                Duration = null,
            }),
            market.Venue.Inject(new Fault
            {
                Kind = FaultKind.SlowAnswer,
                Endpoint = "/fapi/v1/premiumIndex",
                Delay = TimeSpan.FromHours(1),
                Duration = null,
            }),
        ];
        await WatchedMarket.UntilAsync(
            () => market.Lines().Skip(rows).Any(
                static row => row.Contains("BTCUSDT", StringComparison.Ordinal)
                    && row.Contains("depth:", StringComparison.Ordinal)),
            () => node.Errors);
        await market.MoreRowsAsync(node, 20);

        // The books of the other symbol came all the while: their connection is another one.
        string[] others = [.. market.Lines().Skip(rows).Where(
            static row => row.Contains("ETHUSDT", StringComparison.Ordinal))];
        Assert.All(others, static row => Assert.DoesNotContain("depth:", row, StringComparison.Ordinal));
        Assert.All(slow, static each => each.Dispose());
        await market.WellAsync(node);
        await WatchedMarket.StopAsync(node);
        await market.VerifyAsync();
    }

    [Fact]
    public async Task A_storm_of_dying_connections_stays_within_the_limits_of_the_exchange()
    {
        await using WatchedMarket market = await WatchedMarket.StartAsync(seed: 23, streams: 1);
        await using FeedsProgram node = market.Node();
        await market.WellAsync(node);
        for (int i = 0; i < 3; i++)
        {
            int opened = Opened(market);
            market.Venue.Inject(new Fault { Kind = FaultKind.RefuseConnections, Duration = TimeSpan.FromSeconds(2) });
            market.Venue.Inject(new Fault { Kind = FaultKind.Reset });
            await WatchedMarket.UntilAsync(() => Opened(market) > opened, () => node.Errors);
        }

        await market.MoreRowsAsync(node, 4);
        await market.WellAsync(node);
        await WatchedMarket.StopAsync(node);
        LedgerNote[] notes = [.. market.Venue.Ledger.Notes];
        Assert.DoesNotContain(notes, static note => note.What.Contains("1008", StringComparison.Ordinal));
        Assert.DoesNotContain(
            market.Venue.Ledger.Requests, static request => request.IsOverLimit || request.Status is 418 or 429);
        long[] times = [.. notes.Where(IsOpening).Select(static note => note.Time)];
        Assert.All(times, from => Assert.InRange(times.Count(time => time >= from && time < from + 300_000), 1, 300));
        await market.VerifyAsync();
    }

    [Fact]
    public async Task Huge_frames_and_answers_that_unpack_to_much_take_no_memory()
    {
        await using WatchedMarket market = await WatchedMarket.StartAsync(seed: 24);
        await using FeedsProgram node = market.Node();
        await market.WellAsync(node);
        long before = PeakMemoryKb(node);
        market.Venue.Inject(new Fault
        {
            Kind = FaultKind.HugeFrame,
            Symbol = "BTCUSDT",
            Stream = "markPrice",
            Bytes = 50_000_000,
            Duration = TimeSpan.FromSeconds(2),
        });
        market.Venue.Inject(
            new Fault { Kind = FaultKind.BombAnswer, Bytes = 500_000_000, Duration = TimeSpan.FromSeconds(5) });
        await WatchedMarket.SaysAsync(node, "a frame of more than");
        await WatchedMarket.SaysAsync(node, "answered with more than");
        await market.MoreRowsAsync(node, 4);
        await market.WellAsync(node);
        Assert.InRange(PeakMemoryKb(node) - before, 0, MemoryLimitKb);
        await WatchedMarket.StopAsync(node);
        await market.VerifyAsync();
    }

    private static bool IsOpening(LedgerNote note) => note.What.StartsWith("opened", StringComparison.Ordinal);

    private static int Opened(WatchedMarket market) => market.Venue.Ledger.Notes.Count(IsOpening);

    private static int Newest(WatchedMarket market, StreamRoute route) => market.Venue.Ledger.Notes
        .Last(note => note.What.StartsWith($"opened {route}", StringComparison.Ordinal)).Connection;

    private static long PeakMemoryKb(FeedsProgram node) => long.Parse(
        File.ReadLines($"/proc/{node.Id}/status").First(
            static line => line.StartsWith("VmHWM", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        global::System.Globalization.CultureInfo.InvariantCulture);
}
