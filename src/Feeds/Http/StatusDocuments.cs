using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Engine.Health;

namespace Feeds.Http;

/// <summary>Makes the document of a node's status, and its JSON.</summary>
internal static class StatusDocuments
{
    /// <summary>
    /// How all our JSON is written and read: snake_case, one word per enum value, any script readable.
    /// </summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        MaxDepth = 32,
        Converters = { new UnknownAsNull(), new SymbolAsText() },
    };

    /// <summary>The same with line breaks, for people.</summary>
    public static JsonSerializerOptions IndentedJson { get; } = new(Json) { WriteIndented = true };

    /// <summary>Returns the document of a status.</summary>
    public static StatusDocument Of(NodeStatus status) => new()
    {
        DataFeeds = status.IsOk ? "OK" : "DEGRADED",
        Reasons = status.Reasons,
        Ready = status.IsReady,
        Time = At(status.Time),
        StartTime = At(status.StartTime),
        IntervalSec = status.Interval.TotalSeconds,
        LastTickTime = status.LastTickTime > 0 ? At(status.LastTickTime) : null,
        Counters = Counters(status),
        Symbols = [.. status.Symbols.Select(Of)],
        Streams = [.. status.Streams.Select(static s => new StreamDocument(
            s.Name, s.Path, s.Connected, s.Streams, s.Frames, s.LastFrameAgeMs, s.Reconnects, s.LastError))],
        Stores = [.. status.Stores.Select(static s => new StoreDocument(s.Name, s.IsOk, s.Detail))],
        Cluster = status.Cluster is { } cluster ? ClusterDocument.Of(cluster) : null,
        Rest = new RestDocument
        {
            UsedWeight = status.Rest.UsedWeight,
            WeightLimit = status.Rest.WeightLimit,
            Requests = status.Rest.Requests,
            Failures = status.Rest.Failures,
            HeldUntil = status.Rest.HeldUntil is { } held ? At(held) : null,
            Blocked = status.Rest.Blocked,
            ClockOffsetMs = Known(status.Rest.ClockOffsetMs ?? double.NaN),
        },
    };

    private static CountersDocument Counters(NodeStatus status) => new()
    {
        Rows = status.RowsWritten,
        Symbols = status.Symbols.Count,
        Health = status.Symbols.GroupBy(static s => s.Health).OrderBy(static g => g.Key)
            .ToDictionary(static g => Word(g.Key), static g => g.Count()),
        Events = status.Symbols.Sum(static s => s.Sequence),
        Duplicates = status.Symbols.Sum(static s => s.Duplicates),
        Conflated = status.Symbols.Sum(static s => s.Conflated),
        Rejected = status.Symbols.Sum(static s => s.Rejected),
        Errors = status.Symbols.Sum(static s => s.Feeds.Sum(static f => f.ErrorCount)),
        Restarts = status.Symbols.Sum(static s => s.Restarts),
        Reconnects = status.Streams.Sum(static s => s.Reconnects),
    };

    private static SymbolDocument Of(SymbolStatus symbol) => new()
    {
        Symbol = symbol.Symbol.Text,
        Health = Word(symbol.Health),
        Row = symbol.LastRow is { } row ? Of(row) : null,
        Feeds = symbol.Feeds.ToDictionary(
            static f => f.Feed.Name(),
            static f => new FeedDocument(Word(f.State), f.Connected, f.LastMessageAgeMs, f.ErrorCount)),
        Events = symbol.Sequence,
        Duplicates = symbol.Duplicates,
        Conflated = symbol.Conflated,
        Rejected = symbol.Rejected,
        Restarts = symbol.Restarts,
    };

    private static RowDocument Of(FeedRow row) => new()
    {
        Timestamp = At(row.TickTime),
        Oi = Known(row.OpenInterest),
        OiPct = Known(row.OpenInterestPct),
        Funding = Known(row.FundingRate),
        Basis = Known(row.Basis),
        LiqLongUsd = Known(row.LiqLongUsd),
        LiqShortUsd = Known(row.LiqShortUsd),
        LiqRatio = Known(row.LiqRatio),
        ObiTop = Known(row.ObiTop),
        LatencyMs = Known(row.LatencyMs),
        SourceErrors = row.SourceErrors,
    };

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToUpperInvariant();

    private static double? Known(double value) => double.IsFinite(value) ? value : null;

    private static DateTimeOffset At(long time) => DateTimeOffset.FromUnixTimeMilliseconds(time);
}
