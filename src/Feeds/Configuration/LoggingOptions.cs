using Microsoft.Extensions.Logging;

namespace Feeds.Configuration;

/// <summary>The section <c>logging</c>.</summary>
internal sealed record LoggingOptions
{
    /// <summary>The least level on the console (standard error).</summary>
    public LogLevel Console { get; init; } = LogLevel.Information;

    /// <summary>The least level in the log file, <c>DATA_DIR/logs/feeds.log</c>.</summary>
    public LogLevel File { get; init; } = LogLevel.Debug;

    /// <summary>The size at which the log file is put away, MB (10⁶ bytes), 1…1000.</summary>
    public int FileMb { get; init; } = 10;

    /// <summary>Log files that are kept, the current one included, 1…1000.</summary>
    public int KeepFiles { get; init; } = 5;
}
