using System.Net;
using Feeds.Actors;
using Feeds.Actors.Tree;
using Feeds.Configuration;
using Feeds.Core;
using Feeds.Core.Market;
using Feeds.Dashboard;
using Feeds.Engine;
using Feeds.Engine.Health;
using Feeds.Http;
using Feeds.Logging;
using Microsoft.Extensions.Logging;

namespace Feeds.Hosting;

/// <summary>A node with its logs and its endpoint. Either all of it runs, or none.</summary>
internal sealed class RunningNode : IAsyncDisposable, INodeSurface
{
    private static readonly TimeSpan InspectTimeout = TimeSpan.FromSeconds(5);

    private readonly Node _node;
    private readonly NodeLogging _logging;
    private readonly MemoryGuard _memory = new();
    private NodeEndpoint? _endpoint;

    private RunningNode(FeedsOptions options, TimeProvider time, NodeLogging logging)
    {
        _node = new Node(NodeOptionsMapping.Of(options, AddressForOthers), time, logging.Factory);
        _logging = logging;
    }

    /// <summary>Where the endpoint listens.</summary>
    public Uri Address => _endpoint!.Address;

    /// <summary>Ends with a failure when the node cannot go on.</summary>
    public Task Failed => _node.Failed;

    /// <summary>Ends when somebody asked this node to leave the cluster.</summary>
    public Task Draining => _node.Draining;

    /// <summary>Makes the loggers of this process.</summary>
    public ILoggerFactory Loggers => _logging.Factory;

    /// <summary>Starts logs, endpoint and node, after seeing that port and folders can be had.</summary>
    /// <param name="options">What to run.</param>
    /// <param name="time">The clock.</param>
    /// <param name="consoleLevel">The least level on standard error; null: what the options say.</param>
    /// <param name="cancellationToken">Ends the start; nothing keeps running then.</param>
    /// <exception cref="ConfigurationException">
    /// A port or folder cannot be had; nothing runs, nothing was left behind.
    /// </exception>
    public static async Task<RunningNode> StartAsync(
        FeedsOptions options, TimeProvider time, LogLevel? consoleLevel, CancellationToken cancellationToken)
    {
        NodeEndpoint.Probe(options.Http.Bind);
        DataFolder.Prepare(Folders(options));
        NodeLogging logging = new(options.Logging, options.Storage.DataDir, consoleLevel);
        RunningNode running = new(options, time, logging);
        try
        {
            running._endpoint = await NodeEndpoint.StartAsync(
                options.Http, running, time, logging.Factory, cancellationToken);
            await running._node.StartAsync(cancellationToken);
            return running;
        }
        catch (FeedsException e) when (e is not ConfigurationException)
        {
            await running.DisposeAsync();
            throw new ConfigurationException(e.Message);
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    private static IEnumerable<(string Key, string Path)> Folders(FeedsOptions options)
    {
        yield return ("storage.data_dir", options.Storage.DataDir);
        if (options.DataFeeds.Sinks.CsvPath is { } csv)
            yield return ("data_feeds.sinks.csv_path", Path.GetDirectoryName(Path.GetFullPath(csv)) ?? csv);
        if (options.DataFeeds.Sinks.ParquetPath is { } parquet) yield return ("data_feeds.sinks.parquet_path", parquet);
    }

    /// <inheritdoc/>
    public NodeStatus Status() => _node.Status();

    /// <inheritdoc/>
    public IReadOnlyList<ProblemDocument> Problems() => _logging.Problems.ToList();

    /// <inheritdoc/>
    public ActorNode Tree() => _node.Tree();

    /// <inheritdoc/>
    public async Task<object?> InspectAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await _node.Actors.InspectAsync(path, InspectTimeout, cancellationToken);
        }
        catch (ActorException e)
        {
            throw new FeedsException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public bool Restart(string path) => _node.Actors.TryRestart(path);

    /// <inheritdoc/>
    public bool Stop(string path) => _node.Actors.TryStop(path);

    /// <inheritdoc/>
    public async Task<bool> AddSymbolAsync(Symbol symbol, CancellationToken cancellationToken) =>
        await _node.AddSymbolAsync(symbol, cancellationToken) switch
        {
            SymbolChange.Done => true,
            SymbolChange.NothingToDo => false,
            SymbolChange.ListUnknown =>
                throw new FeedsException("the exchange's list of symbols is not known yet; try again in a moment"),
            SymbolChange.NotListed => throw new FeedsException($"{symbol} is not listed by the exchange"),
            _ => throw new FeedsException(
                $"{symbol} is not traded by the exchange now: {_node.ExchangeStatusOf(symbol)}"),
        };

    /// <inheritdoc/>
    public Task<bool> LeaveAsync(string node, CancellationToken cancellationToken) =>
        _node.DrainMemberAsync(node, cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> RemoveSymbolAsync(Symbol symbol, CancellationToken cancellationToken)
    {
        if (_node.Status() is { Cluster: null, Symbols: [var last] } && last.Symbol == symbol)
            throw new FeedsException($"{symbol} is the last symbol; a node watches at least one");
        return await _node.RemoveSymbolAsync(symbol, cancellationToken) == SymbolChange.Done;
    }

    // Other nodes call this machine by its name when it listens on all addresses.
    private string AddressForOthers() => Address.Host is "0.0.0.0" or "[::]"
        ? new UriBuilder(Address) { Host = Dns.GetHostName() }.Uri.GetLeftPart(UriPartial.Authority)
        : Address.GetLeftPart(UriPartial.Authority);

    /// <summary>Stops node, endpoint and logs; what was computed is written.</summary>
    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        if (_endpoint is not null) await _endpoint.DisposeAsync();
        _memory.Dispose();
        _logging.Dispose();
    }
}
