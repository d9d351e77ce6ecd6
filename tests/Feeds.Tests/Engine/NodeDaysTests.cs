using Feeds.Commands.Verification;
using Feeds.Core.Market;
using Feeds.Engine;
using Feeds.Simulator.Ledgers;
using Feeds.Simulator.Markets;
using Xunit;

namespace Feeds.Tests.Engine;

/// <summary>
/// A node that lives for days, over connections that the venue would cut for their age. The market is sparse and the
/// clock moves in steps of seconds, so that ten days are a matter of minutes.
/// </summary>
public sealed class NodeDaysTests
{
    private static readonly Feed[] Compared = [Feed.Trades, Feed.Mark, Feed.Bars];

    /// <summary>
    /// An hour and a half with connections of half an hour; with FEEDS_LONG=1 ten days with connections of a day, as
    /// they are.
    /// </summary>
    [Fact]
    public async Task Days_of_planned_rollovers_lose_nothing_and_double_nothing()
    {
        bool isLong = Environment.GetEnvironmentVariable("FEEDS_LONG") == "1";
        TimeSpan length = isLong ? TimeSpan.FromDays(10) : TimeSpan.FromMinutes(90);
        TimeSpan age = isLong ? TimeSpan.FromHours(24) : TimeSpan.FromMinutes(30);
        await using NodeFixture fixture = await NodeFixture.StartAsync(
            ["YFIUSDT"],
            venue => venue with
            {
                Symbols = null,
                Specs = [SymbolSpecs.For("YFIUSDT") with { TradesPerSecond = 0.05 }],
                MaxConnectionAge = age,
                PumpInterval = TimeSpan.FromMilliseconds(100),
            },
            node => node with
            {
                Interval = TimeSpan.FromMinutes(1),
                Depth = Provider.Off,
                Features = false,
                MaxStreamsPerConnection = 2,
                MaxConnectionAge = age - TimeSpan.FromMinutes(isLong ? 10 : 3),
                JournalFlushInterval = TimeSpan.FromMinutes(1),
                JournalKeepAge = TimeSpan.FromDays(30),
            },
            step: TimeSpan.FromSeconds(5));
        await fixture.RunAsync(length.TotalSeconds);

        int connections = fixture.Node.Parts.Streams.Groups.All.Count;
        int rollovers = fixture.Node.Parts.Streams.Groups.All.Sum(static group => group.Rollovers);
        Assert.InRange(rollovers, isLong ? 20 : 2 * connections, 100);
        Assert.All(fixture.Node.Status().Streams, static stream => Assert.Equal(0, stream.Reconnects));
        Assert.DoesNotContain(
            fixture.Venue.Ledger.Notes, static note => note.What.Contains("connection age", StringComparison.Ordinal));
        fixture.Venue.Ledger.Flush();
        fixture.FlushJournal();
        JournalFacts facts = JournalFacts.Read(fixture.JournalFolder, null, CancellationToken.None);
        StreamAnswer[] answers = [.. LedgerComparison.Compare(LedgerReader.Read(fixture.LedgerPath), facts)
            .Where(static answer => Compared.Contains(answer.Feed))];
        Assert.Equal(Compared, answers.Select(static answer => answer.Feed).Order());
        Assert.All(
            answers,
            static answer => Assert.True(answer.IsComplete && answer.IsExact && answer.Declared == 0, $"{answer}"));
        Assert.InRange(
            answers.Single(static answer => answer.Feed == Feed.Mark).Journaled, length.TotalSeconds - 60,
            length.TotalSeconds + 1);
        Assert.True(fixture.Node.Status().Symbols[0].Duplicates > 0, "the overlap was seen");
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{length}, {connections} connections, {rollovers} rollovers: {string.Join("; ", answers.AsEnumerable())}");
    }
}
