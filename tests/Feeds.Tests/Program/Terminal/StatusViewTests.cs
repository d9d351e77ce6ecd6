using System.Text.Json.Nodes;
using Feeds.Core.Market;
using Feeds.Engine.Health;
using Feeds.Http;
using Feeds.Terminal;
using Feeds.Tests.Program.Http;
using Spectre.Console;
using Xunit;

namespace Feeds.Tests.Program.Terminal;

public sealed class StatusViewTests
{
    [Theory]
    [InlineData(200)]
    [InlineData(120)]
    [InlineData(80)]
    [InlineData(60)]
    [InlineData(44)]
    public void No_line_is_wider_than_the_terminal_and_the_columns_stand_straight(int width)
    {
        string[] lines = Lines(FakeNode.StatusOf([Symbol.Parse("BTCUSDT"), Symbol.Parse("币安人生USDT")]), width);

        Assert.All(lines, line => Assert.InRange(line.GetCellWidth(), 0, width));
        Assert.Single(
            lines.Where(line => line.StartsWith('│') || line.StartsWith('╭')).Select(line => line.GetCellWidth())
                .Distinct());
        Assert.Contains(lines, line => line.Contains("币安人生USDT", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("source_errors", StringComparison.Ordinal));
    }

    [Fact]
    public void Wide_terminals_get_all_columns()
    {
        string title = Lines(FakeNode.StatusOf([Symbol.Parse("BTCUSDT")]), 160).First(
            line => line.Contains("symbol ", StringComparison.Ordinal));

        Assert.Equal(
            ["symbol", "state", "oi", "oi_pct", "funding %", "basis %", "liq long $", "liq short $", "liq_ratio",
                "obi_top", "ms", "source_errors"],
            title.Split('│', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    [Fact]
    public void A_member_of_a_cluster_says_who_it_is_what_it_owns_and_who_the_others_are()
    {
        NodeStatus status = FakeNode.StatusOf([Symbol.Parse("BTCUSDT")]) with { Cluster = FakeNode.ClusterOf("a@7") };
        string[] lines = [.. Lines(status, 200).Select(static line => line.TrimEnd())];

        Assert.Contains("node a@7: lease good · owns 1 of 3 symbols: BTCUSDT", lines);
        Assert.Contains("members: a@7 ALIVE 1 · b@2 DRAINING 0 · c@1 DEAD 1", lines);
        Assert.DoesNotContain(
            Lines(FakeNode.StatusOf([Symbol.Parse("BTCUSDT")]), 200),
            line => line.Contains("members", StringComparison.Ordinal));
    }

    [Fact]
    public void Hostile_texts_show_as_they_are_and_command_nothing()
    {
        string text = string.Join('\n', Lines(
            FakeNode.StatusOf([Symbol.Parse("BTCUSDT")], "[red]oops[/] [unclosed", "\u001b[2J\r\ndata_feeds: OK"),
            120));

        Assert.Contains("! [red]oops[/] [unclosed", text, StringComparison.Ordinal);
        Assert.Contains(@"! \x1b[2J\r\ndata_feeds: OK", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text);
    }

    [Fact]
    public void The_actor_tree_shows_hostile_failures_harmlessly()
    {
        foreach (int width in new[] { 40, 60, 80, 200 })
        {
            StringWriter writer = new();
            Screen screen = Screen.OfText(writer, width);
            screen.Console.Write(ActorView.Tree(ActorDocument.Of(new FakeNode().Tree()), width));
            string text = writer.ToString();

            Assert.Contains("PARKED", text, StringComparison.Ordinal);
            Assert.Contains("币安人生USDT", text, StringComparison.Ordinal);
            Assert.Contains("5", text, StringComparison.Ordinal);
            Assert.DoesNotContain('\u001b', text);
            Assert.All(text.Split('\n'), line => Assert.InRange(line.TrimEnd().GetCellWidth(), 0, width));
        }
    }

    [Fact]
    public void An_inspection_tells_times_as_people_read_them_and_failures_harmlessly()
    {
        FailureDocument hostile = new(
            "BoomException", "[red]boom[/]\u001b[2J\nfeeds: all is well", DateTimeOffset.UnixEpoch);
        ActorDocument actor = ActorDocument.Of(new FakeNode().Tree().Children[0].Children[0]) with
        {
            LastFailure = hostile,
            Failures = [hostile with { Message = "older" }, hostile],
            Inspection = JsonNode.Parse("""
                {"next_poll_time": 1795246765000, "polls": 3, "feeds": {"depth": {"age_ms": 12, "errors": 0}}, "muted": ["a@b"], "down": [],
                 "coverage": [{"feed": "depth", "windows": [{"window": "1m", "share": 1, "covered_ms": 60000, "window_ms": 60000}], "holes": []}], "\u001b[31m": "x\r\ny"}
                """),
        };
        StringWriter writer = new();
        Screen.OfText(writer, 100).Console.Write(ActorView.Inspection(actor));
        string[] lines = [.. writer.ToString().Split('\n').Select(static line => line.TrimEnd())];

        Assert.Contains("  next_poll_time: 2026-11-21 07:39:25Z", lines);
        Assert.Contains("  polls: 3", lines);
        Assert.Contains("    depth: age_ms 12, errors 0", lines);
        Assert.Contains("  down: none", lines);
        Assert.Equal(
            ["  coverage", "    feed depth", "      windows",
                "        window 1m, share 1, covered_ms 60000, window_ms 60000", "      holes: none"],
            lines.SkipWhile(static line => line != "  coverage").Take(5));
        Assert.Contains("    before that: 00:00:00 BoomException: older", lines);
        Assert.DoesNotContain(lines, static line => line.Contains('\u001b', StringComparison.Ordinal));
        Assert.DoesNotContain("feeds: all is well", lines);
    }

    [Fact]
    public void Numbers_are_short_and_the_unknown_is_a_dash()
    {
        Assert.Equal(["–", "0", "0.123", "1.235", "12.35", "123.5", "1235", "12.35k", "1.235M", "1.235B", "-1.235M"],
            new double?[] { null, 0, 0.12345, 1.2345, 12.345, 123.45, 1234.5, 12345, 1234500, 1.2345e9,
                -1234500 }.Select(Figures.Short));
        Assert.Equal(["3.2 s", "59 s", "5m 07s", "3h 04m", "2d 03h"],
            new[] { 3.2, 59, 307, 11_040, 183_600 }.Select(s => Figures.Duration(TimeSpan.FromSeconds(s))));
    }

    private static string[] Lines(NodeStatus status, int width)
    {
        StringWriter writer = new();
        Screen screen = Screen.OfText(writer, width);
        screen.Console.Write(StatusView.Of(StatusDocuments.Of(status), width));
        return [.. writer.ToString().Split('\n').Select(line => line.TrimEnd())];
    }
}
