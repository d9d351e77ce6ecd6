using Feeds.Http;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Feeds.Terminal;

/// <summary>Coverage as tables for people: windows of each feed, then holes or minutes.</summary>
internal static class CoverageView
{
    /// <summary>Returns the tables.</summary>
    public static IRenderable Of(IReadOnlyList<CoverageDocument> documents, bool holes)
    {
        List<IRenderable> parts = [Windows(documents)];
        if (holes)
        {
            parts.Add(Holes(documents));
        }

        if (documents.Any(static d => d.Feeds.Any(static f => f.Minutes is not null)))
        {
            parts.Add(Minutes(documents));
        }

        return new Rows(parts);
    }

    /// <summary>Returns a covered part in the window's own unit: <c>23/24 h</c>, <c>59.5/60 min</c>.</summary>
    public static string Part(CoverageWindowDocument window)
    {
        (double unitMs, string unit) =
            window.WindowMs switch
            {
                <= 60_000 => (1_000.0, "s"),
                <= 3_600_000 => (60_000.0, "min"),
                _ =>
                (3_600_000.0, "h")
            };
        return FormattableString.Invariant(
            $"{Math.Floor(window.CoveredMs / unitMs * 100) / 100:0.##}/{window.WindowMs / unitMs:0} {unit}");
    }

    private static Table Windows(IReadOnlyList<CoverageDocument> documents)
    {
        Table table = Made("symbol", "feed", "since (UTC)");
        string[] windows = [.. documents.SelectMany(static d => d.Feeds).SelectMany(static f => f.Windows).Select(
            static w => w.Window).Distinct()];
        foreach (string window in windows)
        {
            table.AddColumn(new TableColumn(new Text(window)).NoWrap().RightAligned());
        }

        table.AddColumn(new TableColumn(new Text("holes")).RightAligned());
        foreach ((CoverageDocument document, FeedCoverageDocument feed) in Each(documents))
        {
            int stay = feed.Holes.Count(static hole => !hole.Filled);
            table.AddRow(
            [
                new Text(PlainText.Of(document.Symbol)),
                new Text(feed.Feed),
                new Text(feed.Since is { } since ? Time(since) : "never"),
                .. windows.Select(name => (IRenderable)new Text(
                    feed.Windows.FirstOrDefault(w => w.Window == name) is { } window ? Part(window) : Figures.Unknown)),
                new Text(feed.Holes.Count == stay
                    ? FormattableString.Invariant($"{stay}")
                    : FormattableString.Invariant($"{stay} + {feed.Holes.Count - stay} filled")),
            ]);
        }

        return table;
    }

    private static Table Holes(IReadOnlyList<CoverageDocument> documents)
    {
        Table table = Made("symbol", "feed", "from (UTC)", "to", "seconds", "why", "then");
        foreach ((CoverageDocument document, FeedCoverageDocument feed) in Each(documents))
        {
            foreach (CoverageHoleDocument hole in feed.Holes)
            {
                table.AddRow(
                    PlainText.Of(document.Symbol).EscapeMarkup(),
                    feed.Feed,
                    Time(hole.From),
                    Time(hole.To),
                    FormattableString.Invariant($"{hole.Ms / 1000.0:0.0##}"),
                    PlainText.Of(hole.Reason).EscapeMarkup(),
                    hole.Filled ? "came later" : "missing");
            }
        }

        return table;
    }

    private static Table Minutes(IReadOnlyList<CoverageDocument> documents)
    {
        Table table = Made("symbol", "feed", "minute (UTC)", "covered", "why");
        foreach ((CoverageDocument document, FeedCoverageDocument feed) in Each(documents))
        {
            foreach (CoverageMinuteDocument minute in feed.Minutes ?? [])
            {
                table.AddRow(
                    PlainText.Of(document.Symbol).EscapeMarkup(),
                    feed.Feed,
                    Time(minute.Minute),
                    FormattableString.Invariant($"{minute.CoveredMs / 1000.0:0.###}/60 s"),
                    (minute.Reason + (minute.Filled ? " (came later)" : string.Empty)).EscapeMarkup());
            }
        }

        return table;
    }

    private static IEnumerable<(CoverageDocument Document, FeedCoverageDocument Feed)> Each(
        IReadOnlyList<CoverageDocument> documents) =>
        documents.SelectMany(static d => d.Feeds.Select(f => (d, f)));

    private static Table Made(params string[] columns)
    {
        Table table = new() { Border = TableBorder.Rounded };
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column)).NoWrap());
        }

        return table;
    }

    private static string Time(DateTimeOffset time) =>
        time.ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
}
