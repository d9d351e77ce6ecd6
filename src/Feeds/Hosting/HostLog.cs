using Microsoft.Extensions.Logging;

namespace Feeds.Hosting;

/// <summary>What the program logs of its own life.</summary>
internal static partial class HostLog
{
    [LoggerMessage(1, LogLevel.Information, "data_feeds: disabled by feature_flags.enable_data_feeds; nothing to do")]
    public static partial void Disabled(ILogger logger);

    [LoggerMessage(2, LogLevel.Information,
        "data_feeds: {Symbols} symbols, a row each every {IntervalSec} s, configured by {File}, rows to {CsvPath}")]
    public static partial void Started(ILogger logger, int symbols, int intervalSec, string file, string csvPath);

    [LoggerMessage(3, LogLevel.Information, "Stopping; what was computed is written")]
    public static partial void Stopping(ILogger logger);
}
