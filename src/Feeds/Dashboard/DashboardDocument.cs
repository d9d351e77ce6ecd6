using Feeds.Http;

namespace Feeds.Dashboard;

/// <summary>What the page gets each second.</summary>
internal sealed record DashboardDocument(StatusDocument Status, IReadOnlyList<ProblemDocument> Problems);

/// <summary>A warning or error out of the log.</summary>
internal sealed record ProblemDocument(DateTimeOffset Time, string Level, string Text);

/// <summary>What the page gets first: the newest values of each symbol, the oldest first; unknown is null.</summary>
internal sealed record HistoryDocument(
    DateTimeOffset? LastTickTime,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, IReadOnlyList<double?>>> Symbols);
