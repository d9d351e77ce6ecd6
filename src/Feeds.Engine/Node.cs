using Feeds.Actors;
using Feeds.Actors.Tree;
using Feeds.Core.Market;
using Feeds.Engine.Health;
using Feeds.Engine.Sharding;
using Feeds.Engine.Streams;
using Feeds.Storage;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine;

/// <summary>The live system of one process: streams, pollers, ticker, one actor per symbol, sinks.</summary>
public sealed class Node : IAsyncDisposable
{
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(10);

    // A tick that is near, the symbols' mailboxes, and a database that is slow.
    private static readonly TimeSpan HandOverTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RefreshTimeout = TimeSpan.FromSeconds(30);

    private readonly NodeOptions _options;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DatabaseWait _wait;
    private NodeParts? _parts;
    private long _startTime;

    /// <summary>Makes a node; nothing runs before <see cref="StartAsync"/>.</summary>
    public Node(NodeOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        _options = options;
        _time = time;
        _loggers = loggers;
        _logger = loggers.CreateLogger("Feeds.Engine");
        _wait = new DatabaseWait(time, _logger);
    }

    /// <summary>
    /// Ends with a failure when the node can not go on, such as a disk that does not confirm what was written.
    /// </summary>
    public Task Failed => _failed.Task;

    /// <summary>The actors, for operators.</summary>
    /// <exception cref="InvalidOperationException">The node is not started.</exception>
    public ActorSystem Actors => Parts.Actors;

    /// <summary>Returns the actors as they are now; none before the node is started.</summary>
    public ActorNode Tree() => _parts?.Actors.Tree()
        ?? new ActorNode { Path = "", Name = "feeds", Kind = "system", State = ActorState.Starting };

    internal NodeParts Parts => _parts ?? throw new InvalidOperationException("The node is not started.");

    /// <summary>
    /// Opens the sinks and starts the actors. Returns when all are started, not when the first data came. A member of a
    /// cluster waits for a database that is away.
    /// </summary>
    /// <exception cref="Feeds.Core.FeedsException">A file or folder cannot be used; nothing was started.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _startTime = Now();
        _parts = await OpenAsync(cancellationToken);
        if (_parts.Changes is { } changes && changes.Added.Count + changes.Removed.Count > 0)
        {
            Log.SymbolsChanged(_logger, string.Join(", ", changes.Added), string.Join(", ", changes.Removed));
        }

        await _parts.Region.TellAsync(new ShardMessage.Due(), cancellationToken);
        await _parts.Placed.Placed.Task.WaitAsync(cancellationToken);
        if (_parts.ShardGauges.View is { Symbols.Count: 0 })
        {
            // The first node of a cluster brings the symbols; later on the database knows them.
            foreach (Symbol symbol in _options.Symbols)
            {
                await _wait.RunAsync(cancel => _parts.Leases.AddSymbolAsync(symbol, cancel), cancellationToken);
            }

            await (_options.Cluster is null
                ? RefreshAsync(cancellationToken)
                : _parts.Region.TellAsync(new ShardMessage.Due(), cancellationToken).AsTask());
        }

        await _parts.Shards.StartSourcesAsync(_parts.StartSources, cancellationToken);
        Log.NodeStarted(_logger, _parts.Symbols.Entries.Count, _options.Interval.TotalSeconds);
    }

    private Task<NodeParts> OpenAsync(CancellationToken cancellationToken)
    {
        Task<NodeParts> Open(CancellationToken cancel) =>
            NodeParts.OpenAsync(_options, _time, _loggers, failure => _failed.TrySetException(failure), cancel);
        return _options.Cluster is null ? Open(cancellationToken) : _wait.RunAsync(Open, cancellationToken);
    }

    /// <summary>
    /// Returns the exchange's word for a symbol's state, such as <c>TRADING</c>; null when it is not listed or not
    /// known yet.
    /// </summary>
    public string? ExchangeStatusOf(Symbol symbol) => Parts.Universe.StatusOf(symbol);

    /// <summary>Ends when somebody asked this node to leave the cluster: it is to be stopped.</summary>
    public Task Draining => Parts.Placed.Draining.Task;

    /// <summary>
    /// Asks a node of the cluster to hand its symbols over and stop; false when there is no such node.
    /// </summary>
    public Task<bool> DrainMemberAsync(string nodeId, CancellationToken cancellationToken) =>
        Parts.Leases.DrainAsync(nodeId, cancellationToken);

    /// <summary>
    /// Watches one more symbol from now on, and after a restart; its first row comes at the next tick. In a cluster any
    /// node may be asked.
    /// </summary>
    public async Task<SymbolChange> AddSymbolAsync(Symbol symbol, CancellationToken cancellationToken)
    {
        NodeParts parts = Parts;
        if (!parts.Universe.IsKnown)
        {
            return SymbolChange.ListUnknown;
        }

        if (!parts.Universe.IsTrading(symbol))
        {
            return parts.Universe.StatusOf(symbol) is null ? SymbolChange.NotListed : SymbolChange.NotTrading;
        }

        if (!await parts.Leases.AddSymbolAsync(symbol, cancellationToken))
        {
            return SymbolChange.NothingToDo;
        }

        parts.Changes?.Add(symbol);
        await RefreshAsync(cancellationToken);
        return SymbolChange.Done;
    }

    /// <summary>
    /// Watches a symbol no longer, also after a restart: its streams are given up, its mailbox is worked off, its last
    /// row is written.
    /// </summary>
    public async Task<SymbolChange> RemoveSymbolAsync(Symbol symbol, CancellationToken cancellationToken)
    {
        NodeParts parts = Parts;
        if (!await parts.Leases.RemoveSymbolAsync(symbol, cancellationToken))
        {
            return SymbolChange.NothingToDo;
        }

        parts.Changes?.Remove(symbol);
        await RefreshAsync(cancellationToken);
        return SymbolChange.Done;
    }

    /// <summary>
    /// Stops in order: what others go on with is handed over, then ticker, streams, pollers, symbols, sinks; what was
    /// computed is written.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (_parts is not null)
        {
            _parts.BeginStop();
            await HandOverAsync(_parts);
            _parts.CloseSources();
            IReadOnlyList<string> late = await _parts.Actors.StopAsync(DrainTimeout);
            if (late.Count > 0)
            {
                Log.NotDrained(_logger, string.Join(", ", late));
            }

            await LeaveAsync(_parts);
            await _parts.DisposeAsync();
            Log.NodeStopped(_logger, _parts.Rows.Rows);
        }
    }

    /// <summary>Returns how the node stands now.</summary>
    public NodeStatus Status()
    {
        long now = Now();
        if (_parts is not { } parts)
        {
            RestStatus none = new(0, 0, 0, 0, null, false, null);
            return new NodeStatus(now, _startTime, _options.Interval, 0, 0, [_wait.Reason ?? "starting"], [], [], none);
        }

        ActorNode? actors = parts.Actors.Tree().Children.FirstOrDefault(node => node.Name == NodeParts.SymbolsName);
        Dictionary<string, ActorNode> byName =
            (actors?.Children ?? []).ToDictionary(node => node.Name, StringComparer.Ordinal);
        SymbolStatus[] symbols =
            [.. parts.Symbols.Entries.Select(
                entry => parts.Board.Of(entry, byName.GetValueOrDefault(entry.Symbol.Text), now))];
        ClusterStatus? cluster = _options.Cluster is null ? null : parts.ClusterStatus();
        return new NodeStatus(
            now,
            _startTime,
            _options.Interval,
            parts.Rows.LastTickTime,
            parts.Rows.Rows,
            Reasons(parts, symbols, now),
            symbols,
            [.. parts.Streams.Groups.All.Select(group => Of(group, now))],
            parts.RestStatus())
        {
            Counters = parts.Counters(),
            Cluster = cluster,
            Stores = StoreBoard.Of(_options, parts.Rows, cluster),
        };
    }

    private List<string> Reasons(NodeParts parts, SymbolStatus[] symbols, long now)
    {
        List<string> reasons = [.. symbols.Select(StatusBoard.ReasonOf).OfType<string>()];
        if (parts.Rest.Sentence is { } sentence)
        {
            reasons.Add(sentence);
        }

        if (_options.Cluster is not null && parts.ClusterStatus() is { MayRelease: false } cluster)
        {
            reasons.Add("lease: not good, rows wait" + (cluster.Trouble is { } trouble ? ": " + trouble : ""));
        }

        if (parts.Board.AreRowsOverdue(parts.Symbols.Entries, Math.Max(parts.Rows.LastTickTime, _startTime), now))
        {
            reasons.Add("rows: none written for two ticks");
        }

        return reasons;
    }

    // What the referee was told just now is acted on, as far as it is this node's.
    private async Task RefreshAsync(CancellationToken cancellationToken) =>
        await Parts.Region.Ask<bool>(static done => new ShardMessage.Refresh(done), RefreshTimeout, cancellationToken);

    // At the latest when this has taken too long, the node stops all the same; the others take over when it has left.
    private async Task HandOverAsync(NodeParts parts)
    {
        using CancellationTokenSource limit = new(HandOverTimeout, _time);
        try
        {
            using CancellationTokenSource quick = new(_options.LeaseTtl / 2, _time);
            await parts.Leases.DrainAsync(parts.Leases.NodeId, quick.Token);
            bool hasOthers = parts.ShardGauges.View is { } view
                && view.Members.Any(
                    member => member is { IsAlive: true, IsDraining: false } && member.NodeId != parts.Leases.NodeId);
            await parts.Region.Ask<bool>(done => new ShardMessage.Drain(hasOthers, done), HandOverTimeout, limit.Token);
        }
        catch (Exception failure) when (failure is StorageException or ActorException or OperationCanceledException)
        {
            Log.NotHandedOver(_logger, failure.Message);
        }
    }

    private async Task LeaveAsync(NodeParts parts)
    {
        using CancellationTokenSource limit = new(_options.LeaseTtl / 2, _time);
        try
        {
            if (_options.Cluster is not null)
            {
                // What mailboxes still had, while it is this node's to write.
                await parts.Journal.FlushAsync(limit.Token);
            }

            await parts.Leases.LeaveAsync(limit.Token);
        }
        catch (Exception failure) when (failure is StorageException or OperationCanceledException)
        {
            Log.NotLeft(_logger, failure.Message);
        }
    }

    private static StreamStatus Of(StreamGroup group, long now) => new(
        group.Name,
        group.Endpoint.Path,
        group.IsOpen,
        group.Streams.Count,
        group.Frames,
        group.LastFrameTime == 0 ? null : now - group.LastFrameTime,
        Math.Max(0, group.Connections - 1),
        group.LastError);

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
