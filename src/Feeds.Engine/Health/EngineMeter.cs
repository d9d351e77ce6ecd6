using System.Diagnostics.Metrics;

namespace Feeds.Engine.Health;

/// <summary>
/// How long things take: what a status cannot tell, as it is a spread and not a state. One for the process.
/// </summary>
internal static class EngineMeter
{
    private static readonly Meter Meter = new("Feeds.Engine");

    /// <summary>From a tick's time to the moment at which its row is computed, seconds.</summary>
    public static Histogram<double> TickToComputed { get; } =
        Meter.CreateHistogram<double>(
            "feeds.tick.computed", "s", "From a tick's time to its row being computed, per row.");

    /// <summary>From a tick's time to the moment at which all sinks have its rows, seconds.</summary>
    public static Histogram<double> TickToReleased { get; } =
        Meter.CreateHistogram<double>(
            "feeds.tick.released", "s", "From a tick's time to its rows being in every sink, per tick.");

    /// <summary>How long a flush of the journal before rows took, seconds.</summary>
    public static Histogram<double> JournalFlush { get; } =
        Meter.CreateHistogram<double>("feeds.journal.flush", "s", "How long the journal's flush before rows took.");

    /// <summary>How long a sink took for the rows of a release, seconds; tagged <c>sink</c>.</summary>
    public static Histogram<double> SinkWrite { get; } =
        Meter.CreateHistogram<double>(
            "feeds.sink.write", "s", "How long a sink took for the rows it was given together.");

    /// <summary>Rows that a sink took; tagged <c>sink</c>.</summary>
    public static Counter<long> SinkRows { get; } = Meter.CreateCounter<long>(
        "feeds.sink.rows", null, "Rows that a sink took.");

    /// <summary>Returns the tag of a sink.</summary>
    public static KeyValuePair<string, object?> Sink(string name) => new("sink", name);
}
