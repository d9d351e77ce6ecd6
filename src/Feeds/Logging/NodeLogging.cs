using Feeds.Configuration;
using Feeds.Terminal;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;

namespace Feeds.Logging;

/// <summary>
/// The logs of a process: lines on standard error, and a file that rolls by size in <c>DATA_DIR/logs</c>. The file is
/// written behind a bounded queue and beside the work: a full or slow disk costs log lines, never the node.
/// </summary>
internal sealed class NodeLogging : IDisposable
{
    private const int QueuedLines = 10_000;

    private readonly Logger _logger;
    private readonly SerilogLoggerFactory _factory;

    /// <summary>Opens the logs.</summary>
    /// <param name="options">Levels and sizes.</param>
    /// <param name="dataDirectory">The folder that gets <c>logs/feeds.log</c>; null for no file.</param>
    /// <param name="consoleLevel">The least level on standard error; null: what the options say.</param>
    public NodeLogging(LoggingOptions options, string? dataDirectory, LogLevel? consoleLevel = null)
    {
        LoggerConfiguration configuration = new LoggerConfiguration()
            .MinimumLevel.Verbose()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .WriteTo.Sink(Problems, LogEventLevel.Warning);
        LogLevel console = consoleLevel ?? options.Console;
        if (console != LogLevel.None)
        {
            configuration.WriteTo.Console(
                new LineFormatter(withDate: false, withTrace: false), LevelConvert.ToSerilogLevel(console),
                standardErrorFromLevel: LogEventLevel.Verbose);
        }
        if (dataDirectory is not null && options.File != LogLevel.None)
        {
            configuration.WriteTo.Async(
                to => to.File(
                    new LineFormatter(withDate: true, withTrace: true),
                    Path.Combine(dataDirectory, "logs", "feeds.log"),
                    LevelConvert.ToSerilogLevel(options.File),
                    fileSizeLimitBytes: options.FileMb * 1_000_000L,
                    rollOnFileSizeLimit: true,
                    retainedFileCountLimit: options.KeepFiles),
                QueuedLines,
                blockWhenFull: false);
        }
        _logger = configuration.CreateLogger();
        _factory = new SerilogLoggerFactory(_logger);
    }

    /// <summary>The newest warnings and errors.</summary>
    public RecentProblems Problems { get; } = new();

    /// <summary>Makes the loggers of all rooms.</summary>
    public ILoggerFactory Factory => _factory;

    /// <summary>Writes what is queued and closes the file.</summary>
    public void Dispose()
    {
        _factory.Dispose();
        try
        {
            _logger.Dispose();
        }
        catch (IOException e)
        {
            // A full disk takes the last lines too; that is no reason for the program to fail.
            Console.Error.WriteLine($"feeds: the log could not be finished: {PlainText.Of(e.Message)}");
        }
    }
}
