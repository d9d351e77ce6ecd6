using System.Text.Json.Nodes;
using Feeds.Http;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Feeds.Terminal;

/// <summary>Actors for people: the tree as a table, one actor as an outline.</summary>
internal static class ActorView
{
    private const int Wide = 100;
    private const int Narrow = 68;

    // Milliseconds since the epoch, of this century.
    private const long LeastTime = 946_684_800_000;

    private const string None = "none";

    /// <summary>
    /// Returns the tree for a width; narrow screens get fewer columns, the narrowest lines without a frame.
    /// </summary>
    public static IRenderable Tree(ActorDocument root, int width) => width < Narrow ? Lines(root) : Framed(root, width);

    private static Table Framed(ActorDocument root, int width)
    {
        Table table = new() { Border = TableBorder.Rounded };
        bool isWide = width >= Wide;
        table.AddColumn(new TableColumn(new Text("actor")).NoWrap());
        table.AddColumn(new TableColumn(new Text("state")).NoWrap());
        table.AddColumn(new TableColumn(new Text(isWide ? "mailbox" : "box")).NoWrap().RightAligned());
        table.AddColumn(new TableColumn(new Text("per s")).NoWrap().RightAligned());
        if (isWide) table.AddColumn(new TableColumn(new Text("processed")).NoWrap().RightAligned());
        if (isWide) table.AddColumn(new TableColumn(new Text("replaced")).NoWrap().RightAligned());
        if (isWide) table.AddColumn(new TableColumn(new Text("restarts")).NoWrap().RightAligned());
        table.AddColumn(new TableColumn(new Text("last failure")));
        for (int i = 0; i < root.Children.Count; i++) Add(table, root.Children[i], "", isWide);
        return table;
    }

    // Name and state; what failed on a line of its own, as there is no room beside it.
    private static Rows Lines(ActorDocument root)
    {
        List<(int Depth, ActorDocument Actor)> actors = [.. root.Children.SelectMany(static child => Below(0, child))];
        int width = actors.Select(static each => each.Depth + PlainText.Of(each.Actor.Name).GetCellWidth())
            .DefaultIfEmpty().Max();
        List<IRenderable> lines = [];
        foreach ((int depth, ActorDocument actor) in actors)
        {
            string name = PlainText.Of(actor.Name);
            lines.Add(
                new Text(
                    $"{new string(' ', depth)}{name}{new string(' ', width - depth - name.GetCellWidth() + 1)}"
                    + $"{actor.State}", StyleOf(actor)));
            if (Trouble(actor) is { Length: > 0 } trouble) lines.Add(new Text(new string(' ', depth + 1) + trouble));
        }
        return new Rows(lines);
    }

    private static IEnumerable<(int Depth, ActorDocument Actor)> Below(int depth, ActorDocument actor) =>
        actor.Children.SelectMany(child => Below(depth + 1, child)).Prepend((depth, actor));

    /// <summary>Returns one actor with what it shows of its state.</summary>
    public static Rows Inspection(ActorDocument actor)
    {
        List<IRenderable> lines =
        [
            Line(0, actor.Path, ""),
            Line(1, "kind", actor.Kind),
            Line(1, "state", actor.NextRestart is { } next
                ? $"{actor.State}, next instance at {Figures.Clock(next)} UTC" : actor.State),
            Line(1, "mailbox", Mailbox(actor)),
            Line(1, "processed", $"{Figures.Count(actor.Processed)}, {Figures.Fixed(actor.Rate, 1)} per second"),
            Line(1, "replaced", Figures.Count(actor.Replaced)),
            Line(1, "restarts", Figures.Count(actor.Restarts)),
            Line(1, "last_failure", actor.LastFailure is null ? None : Failure(actor.LastFailure)),
        ];
        if (actor.Failures.Count > 1)
            lines.AddRange(actor.Failures.SkipLast(1).Reverse().Select(static f => Line(2, "before that", Failure(f))));
        if (actor.Inspection is null) lines.Add(Line(1, "shows", "nothing of its state"));
        else Outline(lines, 1, actor.Inspection);
        return new Rows(lines);
    }

    private static void Add(Table table, ActorDocument actor, string indent, bool isWide)
    {
        List<IRenderable> cells =
        [
            new Text(indent + PlainText.Of(actor.Name)),
            new Text(actor.State, StyleOf(actor)),
            new Text(
                isWide ? $"{actor.Mailbox.Waiting}/{actor.Mailbox.Capacity}" : Figures.Count(actor.Mailbox.Waiting)),
            new Text(Figures.Fixed(actor.Rate, 1)),
        ];
        if (isWide) cells.Add(new Text(Figures.Count(actor.Processed)));
        if (isWide) cells.Add(new Text(Figures.Count(actor.Replaced)));
        if (isWide) cells.Add(new Text(Figures.Count(actor.Restarts)));
        cells.Add(new Text(isWide ? Failure(actor) : Trouble(actor)));
        table.AddRow(cells);
        foreach (ActorDocument child in actor.Children) Add(table, child, indent + "  ", isWide);
    }

    private static Style StyleOf(ActorDocument actor) => new(
        actor.State switch
        {
            "RUNNING" => Color.Green,
            "PARKED" or "BACKOFF" or "STOPPED" => Color.Red,
            _ =>
            Color.Grey
        });

    // How often it was restarted, when it comes back, what failed last.
    private static string Trouble(ActorDocument actor) =>
        actor.Restarts == 0
            ? Failure(actor) : $"{actor.Restarts}× {(actor.LastFailure is null ? "restarted" : Failure(actor))}";

    private static string Failure(ActorDocument actor) => actor.NextRestart is { } next
        ? $"again at {Figures.Clock(next)}; {Failure(actor.LastFailure)}" : Failure(actor.LastFailure);

    private static string Mailbox(ActorDocument actor) =>
        $"{actor.Mailbox.Waiting} of {actor.Mailbox.Capacity} wait, {actor.Mailbox.Commands} of "
        + $"{actor.Mailbox.CommandCapacity} commands";

    private static string Failure(FailureDocument? failure) => failure is null
        ? "" : PlainText.Of($"{Figures.Clock(failure.Time)} {failure.Type}: {failure.Message}");

    private static void Outline(List<IRenderable> lines, int depth, JsonNode node)
    {
        foreach ((string name, JsonNode? value) in node is JsonObject map ? map.AsEnumerable() : [])
        {
            switch (value)
            {
                case JsonObject small when small.Count <= 3 && IsFlat(small):
                    lines.Add(Line(depth, name, small.Count == 0 ? None : Flat(small)));
                    break;
                case JsonObject inner:
                    lines.Add(Line(depth, name, ""));
                    Outline(lines, depth + 1, inner);
                    break;
                case JsonArray items when items.Any(static item => item is JsonObject):
                    lines.Add(Line(depth, name, ""));
                    foreach (JsonObject item in items.OfType<JsonObject>()) Item(lines, depth + 1, item);
                    break;
                case JsonArray items:
                    lines.Add(
                        Line(depth, name, items.Count == 0
                            ? None : string.Join(", ", items.Select(static item => item?.ToString()))));
                    break;
                default:
                    lines.Add(Line(depth, name, Value(name, value)));
                    break;
            }
        }
    }

    // One of several: on a line of its own, or its first part as the heading of the others.
    private static void Item(List<IRenderable> lines, int depth, JsonObject item)
    {
        if (IsFlat(item))
        {
            lines.Add(Line(depth, Flat(item), ""));
            return;
        }

        List<IRenderable> parts = [];
        Outline(parts, depth + 1, item);
        lines.Add(
            Line(depth, Flat(new JsonObject([KeyValuePair.Create(item.First().Key, item.First().Value?.DeepClone())])),
                ""));
        lines.AddRange(parts.Skip(1));
    }

    private static bool IsFlat(JsonObject node) => node.All(static part => part.Value is null or JsonValue);

    private static string Flat(JsonObject node) =>
        string.Join(", ", node.Select(static part => $"{part.Key} {Value(part.Key, part.Value)}"));

    // Times are told as people read them; machines ask for JSON.
    private static string Value(string name, JsonNode? value) =>
        value is null ? Figures.Unknown
        : name.EndsWith("_time", StringComparison.Ordinal) && value is JsonValue number
            && number.TryGetValue(out long time) && time > LeastTime
            ? DateTimeOffset.FromUnixTimeMilliseconds(time).ToString(
                "u", System.Globalization.CultureInfo.InvariantCulture)
            : value.ToString();

    private static Text Line(int depth, string name, string value) =>
        new($"{new string(' ', depth * 2)}{PlainText.Of(name)}{(value.Length == 0 ? "" : ": ")}{PlainText.Of(value)}");
}
