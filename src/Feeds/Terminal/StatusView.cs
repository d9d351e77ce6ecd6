using Feeds.Http;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Feeds.Terminal;

/// <summary>A node's status as a table for people; it leaves out columns until it fits the width.</summary>
internal static class StatusView
{
    private const int ErrorsMin = 16;

    // In the order in which they go when the width does not do: the last first.
    private static readonly Column[] ByWorth =
    [
        new("symbol", 0, static s => PlainText.Of(s.Symbol), IsLeft: true),
        new("state", 1, static s => s.Health, IsLeft: true),
        new("obi_top", 9, static s => Figures.Fixed(s.Row?.ObiTop, 3)),
        new("oi", 2, static s => Figures.Short(s.Row?.Oi)),
        new("basis %", 5, static s => Figures.Percent(s.Row?.Basis)),
        new("funding %", 4, static s => Figures.Percent(s.Row?.Funding)),
        new("liq long $", 6, static s => Figures.Short(s.Row?.LiqLongUsd)),
        new("liq short $", 7, static s => Figures.Short(s.Row?.LiqShortUsd)),
        new("oi_pct", 3, static s => Figures.Fixed(s.Row?.OiPct, 3)),
        new("ms", 10, static s => Figures.Fixed(s.Row?.LatencyMs, 0)),
        new("liq_ratio", 8, static s => Figures.Fixed(s.Row?.LiqRatio, 2)),
    ];

    /// <summary>Returns the first lines: the state with counters, then the reasons when it is degraded.</summary>
    public static IReadOnlyList<string> Head(StatusDocument status)
    {
        CountersDocument c = status.Counters;
        List<string> lines = [$"data_feeds: {status.DataFeeds}"];
        string health = string.Join(", ", c.Health.Select(static h => $"{h.Value} {h.Key}"));
        string tick = status.LastTickTime is { } last
            ? $"tick {Figures.Clock(last)} UTC"
            : $"first rows within {Figures.Duration(TimeSpan.FromSeconds(status.IntervalSec))}";
        lines.Add(
            $"{c.Symbols} symbols{(health.Length == 0 ? "" : $" ({health})")} · {Figures.Count(c.Rows)} rows, "
            + $"every {status.IntervalSec:0.###} s · {tick} · "
            + $"up {Figures.Duration(status.Time - status.StartTime)}");
        lines.Add(
            $"events {Figures.Count(c.Events)} · errors {Figures.Count(c.Errors)} · rejected "
            + $"{Figures.Count(c.Rejected)} · "
            + $"duplicates {Figures.Count(c.Duplicates)} · conflated {Figures.Count(c.Conflated)} · "
            + $"restarts {Figures.Count(c.Restarts)} · reconnects {Figures.Count(c.Reconnects)} · "
            + $"REST weight {status.Rest.UsedWeight}/{status.Rest.WeightLimit}");
        if (status.Cluster is { } cluster) lines.AddRange(ClusterLines(cluster));
        if (status.Rest.Blocked)
            lines.Add("BLOCKED: the exchange refuses this address (403/451); a try every 10 minutes");
        lines.AddRange(status.Reasons.Select(static reason => $"! {PlainText.Of(reason)}"));
        return lines;
    }

    /// <summary>Returns head and table for a width.</summary>
    public static IRenderable Of(StatusDocument status, int width)
    {
        IReadOnlyList<string> head = Head(status);
        string colour = status.DataFeeds == "OK" ? "green" : "yellow";
        List<IRenderable> parts = [new Markup($"[bold {colour}]{Markup.Escape(head[0])}[/]")];
        parts.AddRange(head.Skip(1).Select(static line => new Text(line)));
        parts.Add(Symbols(status, width));
        return new Rows(parts);
    }

    private static IEnumerable<string> ClusterLines(ClusterDocument cluster)
    {
        string node = PlainText.Of(cluster.Node);
        string[] own = [.. cluster.Shards.Where(shard => shard.Owner == cluster.Node).Select(
            static shard => PlainText.Of(shard.Symbol))];
        yield return $"node {node}: lease {(cluster.MayRelease ? "good" : "NOT GOOD, rows wait")} · owns "
            + $"{own.Length} of {cluster.Shards.Count} symbols"
            + (own.Length > 0 ? ": " + string.Join(", ", own) : "");
        yield return "members: " + string.Join(
            " · ", cluster.Members.Select(
                static member => $"{PlainText.Of(member.Node)} {member.State} {member.Symbols}"));
    }

    private static Table Symbols(StatusDocument status, int width)
    {
        List<Column> columns = [];
        int used = 1 + ErrorsMin + 3;
        foreach (Column column in ByWorth)
        {
            int needed = Math.Max(
                column.Title.Length, status.Symbols.Select(s => column.Text(s).GetCellWidth()).DefaultIfEmpty().Max())
                    + 3;
            if (columns.Count >= 2 && used + needed > width) break;
            columns.Add(column);
            used += needed;
        }
        columns.Sort(static (a, b) => a.Place.CompareTo(b.Place));
        Table table = new() { Border = TableBorder.Rounded };
        foreach (Column column in columns)
        {
            TableColumn made = new TableColumn(new Text(column.Title)).NoWrap();
            table.AddColumn(column.IsLeft ? made : made.RightAligned());
        }
        table.AddColumn(new TableColumn(new Text("source_errors")));
        foreach (SymbolDocument symbol in status.Symbols)
        {
            table.AddRow(
                [.. columns.Select(c => (IRenderable)new Text(c.Text(symbol), StyleOf(c, symbol))),
                    new Text(Errors(symbol))]);
        }
        return table;
    }

    // Blanks in place of the separators let a narrow column break there.
    private static string Errors(SymbolDocument symbol) =>
        PlainText.Of(symbol.Row?.SourceErrors ?? "").Replace(';', ' ');

    private static Style StyleOf(Column column, SymbolDocument symbol) => column.Title != "state"
        ? Style.Plain : symbol.Health switch
        {
            "OK" => new Style(Color.Green),
            "DEGRADED" or "PARKED" or "STOPPED" => new Style(Color.Red),
            _ => new Style(Color.Grey),
        };

    private sealed record Column(string Title, int Place, Func<SymbolDocument, string> Text, bool IsLeft = false);
}
