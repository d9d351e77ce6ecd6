using Feeds.Core.Coverage;
using Feeds.Core.Market;
using Feeds.Core.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Feeds.Tests.Core.Coverage;

public sealed class FeedCoverageTests
{
    private const long Start = 1_700_000_040_000;

    [Fact]
    public void Covered_time_is_that_of_every_millisecond() =>
        Prop.ForAll<int>(seed =>
        {
            Random random = new(seed);
            FeedCoverage coverage = new(Feed.Trades);
            bool[] covered = new bool[60_000];
            int begin = random.Next(5_000);
            coverage.Connected(Start + begin);
            Array.Fill(covered, true, begin, covered.Length - begin);
            for (int i = 0; i < random.Next(12); i++)
            {
                int from = random.Next(50_000);
                int length = random.Next(8_000);
                coverage.AddHole(new CoverageHole(Start + from, Start + from + length, "sequence", IsFilled: false));
                Array.Fill(covered, false, from, length);
            }

            for (int i = 0; i < 20; i++)
            {
                int from = random.Next(55_000);
                int to = from + random.Next(1, 5_000);
                Assert.Equal(covered[from..to].Count(c => c), coverage.CoveredMs(Start + from, Start + to));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_connection_that_is_down_is_a_hole_without_an_end()
    {
        FeedCoverage coverage = new(Feed.Liquidations);
        Assert.Equal(0, coverage.CoveredMs(Start, Start + 1000, out string reason, out _));
        Assert.Equal("not_observed", reason);
        coverage.Connected(Start);
        coverage.Disconnected(Start + 10_000, "closed");
        coverage.Disconnected(Start + 12_000, "again");
        Assert.Equal(10_000, coverage.CoveredMs(Start, Start + 60_000, out reason, out _));
        Assert.Equal("closed", reason);
        coverage.Connected(Start + 30_000);
        Assert.Equal(40_000, coverage.CoveredMs(Start, Start + 60_000));
        Assert.Equal([new CoverageHole(Start + 10_000, Start + 30_000, "closed", IsFilled: false)], coverage.Holes);
    }

    [Fact]
    public void A_feed_that_is_never_silent_has_holes_where_it_was()
    {
        FeedCoverage coverage = new(Feed.Depth, 5_000);
        coverage.Observed(Start);
        coverage.Observed(Start + 4_000);
        coverage.Observed(Start + 20_000);
        Assert.Equal(9_000 + 5_000, coverage.CoveredMs(Start, Start + 60_000, out string reason, out _));
        Assert.Equal("stale", reason);
    }

    [Fact]
    public void What_was_filled_later_counts_and_says_so()
    {
        FeedCoverage coverage = new(Feed.Trades);
        coverage.Connected(Start);
        coverage.AddHole(new CoverageHole(Start + 1_000, Start + 5_000, "sequence", IsFilled: false));
        Assert.Equal(56_000, coverage.CoveredMs(Start, Start + 60_000));
        coverage.Fill(0);
        Assert.Equal(60_000, coverage.CoveredMs(Start, Start + 60_000, out _, out bool isFilled));
        Assert.True(isFilled);
    }

    [Fact]
    public void What_came_too_late_stays_missed_and_what_was_missed_after_it_is_filled()
    {
        FeedCoverage coverage = new(Feed.Trades);
        coverage.Connected(Start);
        coverage.AddHole(new CoverageHole(Start + 1_000, Start + 5_000, "closed", IsFilled: false));
        coverage.AddHole(new CoverageHole(Start + 8_000, Start + 18_000, "closed", IsFilled: false));
        coverage.AddHole(new CoverageHole(Start + 20_000, Start + 21_000, "sequence", IsFilled: false));
        for (int i = 0; i < 2; i++)
        {
            coverage.Fill(Start + 12_000);
            Assert.Equal(60_000 - 4_000 - 4_000, coverage.CoveredMs(Start, Start + 60_000));
            Assert.Equal(4, coverage.Holes.Count);
        }
    }

    [Fact]
    public void Holes_are_bounded_and_what_is_forgotten_is_not_claimed()
    {
        FeedCoverage coverage = new(Feed.Trades);
        coverage.Connected(Start);
        for (int i = 0; i < 10_000; i++)
        {
            coverage.AddHole(new CoverageHole(Start + (i * 100), Start + (i * 100) + 50, "sequence", IsFilled: false));
        }

        Assert.InRange(coverage.Holes.Count, 4_000, 4_096);
        Assert.Equal(0, coverage.CoveredMs(Start, Start + 100_000));
    }

    [Fact]
    public void After_a_restart_a_feed_is_not_observed_before_its_connection_is_back()
    {
        CoverageLedger ledger = new();
        foreach (Feed feed in new[] { Feed.Depth, Feed.Trades, Feed.Mark, Feed.Liquidations })
        {
            ledger.Apply(MarketEvent.ForFeedConnected(feed, Start));
        }

        ledger.Apply(MarketEvent.ForFeedDisconnected(Feed.Mark, "closed", Start + 5_000));
        ledger.Apply(MarketEvent.ForRecovered(Start + 20_000, Start + 30_000));
        ledger.Apply(MarketEvent.ForFeedConnected(Feed.Trades, Start + 31_500));
        ledger.Apply(MarketEvent.ForFeedConnected(Feed.Mark, Start + 32_000));
        Assert.Equal(
            new CoverageHole(Start + 20_000, Start + 31_500, "restarted", IsFilled: false),
            Assert.Single(ledger[Feed.Trades]!.Holes));
        Assert.Equal(
            new CoverageHole(Start + 5_000, Start + 32_000, "closed", IsFilled: false),
            Assert.Single(ledger[Feed.Mark]!.Holes));
        Assert.Equal(20_000, ledger[Feed.Liquidations]!.CoveredMs(Start, Start + 60_000, out string reason, out _));
        Assert.Equal("restarted", reason);
    }

    [Fact]
    public void The_ledger_has_a_line_per_feed_and_minute()
    {
        CoverageLedger ledger = new();
        ledger.Apply(MarketEvent.ForFeedConnected(Feed.Trades, Start));
        ledger.Apply(MarketEvent.ForFeedConnected(Feed.Liquidations, Start));
        ledger.Apply(
            MarketEvent.ForGap(new Gap(Feed.Trades, 5, 9, Start + 30_000, Start + 75_000, "sequence"), Start + 80_000));
        ledger.Apply(MarketEvent.ForRecovered(Start + 100_000, Start + 108_000));
        ledger.Apply(MarketEvent.ForFeedConnected(Feed.Trades, Start + 110_000));
        ledger.Apply(MarketEvent.ForFeedConnected(Feed.Liquidations, Start + 110_000));
        MinuteCoverage[] lines = [.. ledger.Minutes(Start - 20_000, Start + 120_000)];
        Assert.Equal(5 * 2, lines.Length);
        Assert.Equal(
            [(Start, 30_000, "sequence"), (Start + 60_000, 35_000, "sequence")],
            lines.Where(l => l.Feed == Feed.Trades).Select(l => (l.MinuteTime, l.CoveredMs, l.Reason)));
        Assert.Equal(
            [(Start, 60_000, string.Empty), (Start + 60_000, 50_000, "restarted")],
            lines.Where(l => l.Feed == Feed.Liquidations).Select(l => (l.MinuteTime, l.CoveredMs, l.Reason)));
        Assert.Equal(0.5, lines.First(l => l.Feed == Feed.Trades).Share);
        StateWriter writer = new();
        ledger.Save(writer);
        CoverageLedger loaded = new();
        StateReader reader = new(writer.Written);
        loaded.Load(ref reader);
        Assert.Equal(lines, loaded.Minutes(Start - 20_000, Start + 120_000));
    }
}
