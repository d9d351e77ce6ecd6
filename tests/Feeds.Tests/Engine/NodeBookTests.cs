using Feeds.Binance.Books;
using Feeds.Core.Market;
using Feeds.Simulator.Faults;
using Feeds.Tests.Engine.Faults;
using Xunit;

namespace Feeds.Tests.Engine;

/// <summary>A node that keeps its books from the stream of changes: each is the venue's, or there is none.</summary>
public sealed class NodeBookTests
{
    private static readonly string[] Symbols = ["BTCUSDT", "YFIUSDT"];

    [Fact]
    public async Task Books_kept_from_changes_are_the_venues_also_over_replaced_connections()
    {
        await using NodeFixture fixture = await StartAsync(TimeSpan.FromSeconds(15));
        await fixture.UntilHealthyAsync();
        await fixture.UntilAsync(() => fixture.Group("public-1").Rollovers >= 4, 200, "four rollovers");
        await fixture.RunAsync(3);
        fixture.AssertNoErrors(40, static _ => true);
        Assert.All(fixture.Node.Parts.Certified.All, static each => Assert.Equal(0, each.Book.Breaks));
        Assert.All(
            Symbols,
            symbol => Assert.DoesNotContain(fixture.Applied(symbol), static e => e.Gap is { Reason: not Gap.Fetched }));
        await fixture.StopAsync();
        Assert.InRange(BookCheck.Holds(fixture), 500, int.MaxValue);
    }

    [Fact]
    public async Task A_lost_change_empties_its_symbols_book_until_it_is_certain_again()
    {
        await using NodeFixture fixture = await StartAsync();
        await fixture.UntilHealthyAsync();
        int rows = fixture.Rows.Count;

        // No snapshot for a while, so that there are rows without a book.
        using IDisposable silence = fixture.Venue.Inject(
            new Fault { Kind = FaultKind.ServerError, Endpoint = "/fapi/v1/depth", Duration = null });
        await fixture.RunAsync(0.3);
        fixture.Venue.Inject(new Fault
        {
            Kind = FaultKind.Lose,
            Symbol = "BTCUSDT",
            Stream = "depth@100ms",
            Duration = TimeSpan.FromMilliseconds(300),
        });
        await fixture.UntilAsync(() => Book(fixture, "BTCUSDT").Breaks == 1, 3, "the break is seen");
        int broken = fixture.Rows.Count;
        await fixture.RunAsync(4);
        silence.Dispose();
        CsvRow[] without = [.. fixture.Rows.Skip(broken + 2).Where(static row => row.Symbol == "BTCUSDT")];
        Assert.NotEmpty(without);
        Assert.All(without, static row => Assert.Empty(row.Values[7]));
        Assert.All(without, static row => Assert.Contains("depth:resync", row.Errors));
        fixture.AssertNoErrors(rows, static row => row.Symbol == "YFIUSDT");
        await fixture.UntilAsync(() => Book(fixture, "BTCUSDT").IsValid, 20, "certain again");
        await fixture.RunAsync(3);
        CsvRow last = fixture.Rows.Last(static row => row.Symbol == "BTCUSDT");
        Assert.NotEmpty(last.Values[7]);
        Assert.Empty(last.Errors);
        Gap gap = Assert.Single(fixture.Applied("BTCUSDT"), static e => e.Gap is { Reason: not Gap.Fetched }).Gap!;
        Assert.Equal((Feed.Depth, "sequence"), (gap.Feed, gap.Reason));
        Assert.InRange(gap.ToTime - gap.FromTime, 3_000, 30_000);
        await fixture.StopAsync();
        BookCheck.Holds(fixture);
        RowCheck.Holds(fixture);
    }

    [Fact]
    public async Task Snapshots_that_are_too_old_are_asked_for_with_growing_pauses_and_then_serve()
    {
        await using NodeFixture fixture = await StartAsync();
        await fixture.UntilHealthyAsync();
        using IDisposable old = fixture.Venue.Inject(
            new Fault { Kind = FaultKind.StaleSnapshot, Delay = TimeSpan.FromSeconds(30), Duration = null });
        await fixture.RunAsync(0.3);
        int before = Asked(fixture);
        fixture.Venue.Inject(new Fault { Kind = FaultKind.Reset, Symbol = "BTCUSDT", Stream = "depth" });
        await fixture.UntilAsync(() => Book(fixture, "BTCUSDT").Breaks == 1, 30, "the break is seen");
        await fixture.RunAsync(60);

        // 0, 1, 3, 7, 15, 31 s, and 30 s back is inside what was kept only after that: for two books.
        Assert.InRange(Asked(fixture) - before, 6, 16);
        old.Dispose();
        await fixture.UntilAsync(() => Book(fixture, "BTCUSDT").IsValid, 62, "certain again");
        await fixture.UntilHealthyAsync();
        await fixture.StopAsync();
        BookCheck.Holds(fixture);
    }

    [Fact]
    public async Task Books_are_held_against_later_snapshots_now_and_then()
    {
        await using NodeFixture fixture = await StartAsync();
        await fixture.UntilHealthyAsync();
        Book(fixture, "BTCUSDT").RequestAudit();
        await fixture.UntilAsync(() => Book(fixture, "BTCUSDT").Audits == 1, 5, "an audit");
        Assert.Equal(0, Book(fixture, "BTCUSDT").Mismatches);
    }

    private static Task<NodeFixture> StartAsync(TimeSpan? maxAge = null) => NodeFixture.StartAsync(
        Symbols,
        node: options => options with { CertifiedBook = true, MaxConnectionAge = maxAge ?? options.MaxConnectionAge });

    private static CertifiedBook Book(NodeFixture fixture, string symbol) =>
        fixture.Node.Parts.Certified.All.First(
            each => fixture.Node.Parts.Symbols.At(each.SymbolIndex)!.Symbol.Text == symbol).Book;

    private static int Asked(NodeFixture fixture) =>
        fixture.Venue.Ledger.Requests.Count(static request => request.Path == "/fapi/v1/depth");
}
