using Feeds.Dashboard;
using Feeds.Terminal;
using Serilog.Core;
using Serilog.Events;

namespace Feeds.Logging;

/// <summary>Keeps the newest warnings and errors of the log, for the dashboard. Safe from any thread.</summary>
internal sealed class RecentProblems : ILogEventSink
{
    /// <summary>Lines that are kept.</summary>
    public const int Capacity = 50;

    private const int MaxLength = 500;

    private readonly Lock _gate = new();
    private readonly Queue<ProblemDocument> _problems = new();

    /// <inheritdoc/>
    public void Emit(LogEvent logEvent)
    {
        if (logEvent.Level < LogEventLevel.Warning) return;
        string text = PlainText.Of(LineFormatter.Message(logEvent));
        if (text.Length > MaxLength) text = string.Concat(text.AsSpan(0, MaxLength), "…");
        string level = logEvent.Level == LogEventLevel.Warning ? "WARNING" : "ERROR";
        lock (_gate)
        {
            _problems.Enqueue(new ProblemDocument(logEvent.Timestamp.ToUniversalTime(), level, text));
            if (_problems.Count > Capacity) _problems.Dequeue();
        }
    }

    /// <summary>Returns them, the newest first.</summary>
    public IReadOnlyList<ProblemDocument> ToList()
    {
        lock (_gate) return [.. _problems.Reverse()];
    }
}
