using System.Text.RegularExpressions;

namespace Feeds.Tests.Tidy;

/// <summary>Each log message of a room has an event id, and no other message of the room has the same.</summary>
internal static partial class EventIds
{
    public static IEnumerable<Finding> Check(IReadOnlyList<SourceFile> files)
    {
        var seen = new Dictionary<(string Room, string Id), string>();
        foreach (var file in files.Where(static file => file.IsCode && file.InSource))
        {
            foreach (Match match in Message().Matches(file.Code))
            {
                var line = file.LineAt(match.Index);
                var id = Id().Match(match.Value) is { Success: true } found ? found.Groups[1].Value : null;
                if (id is null)
                    yield return new Finding(file.Path, line, "event-id", "a log message without an event id");
                else if (!seen.TryAdd((file.Room, id), $"{file.Path}:{line}"))
                    yield return new Finding(
                        file.Path, line, "event-id",
                        $"event id {id} is that of {seen[(file.Room, id)]} too: take a free one");
            }
        }
    }

    [GeneratedRegex(@"\[LoggerMessage\([^)]*\)")]
    private static partial Regex Message();

    [GeneratedRegex(@"LoggerMessage\(\s*(\d+)|EventId\s*=\s*(?<1>\d+)")]
    private static partial Regex Id();
}
