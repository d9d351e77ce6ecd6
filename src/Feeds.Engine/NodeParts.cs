using Feeds.Actors;
using Feeds.Actors.Mailboxes;
using Feeds.Actors.Supervision;
using Feeds.Actors.Tree;
using Feeds.Core.Books;
using Feeds.Core.Market;
using Feeds.Engine.Books;
using Feeds.Engine.Context;
using Feeds.Engine.Health;
using Feeds.Engine.Journaling;
using Feeds.Engine.Polling;
using Feeds.Engine.Rows;
using Feeds.Engine.Sharding;
using Feeds.Engine.Streams;
using Feeds.Engine.Symbols;
using Feeds.Storage;
using Feeds.Storage.Budgets;
using Feeds.Storage.Leases;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine;

/// <summary>
/// What a running node is made of: puts the tree together, knows how its members are made and supervised.
/// </summary>
internal sealed class NodeParts : IAsyncDisposable
{
    /// <summary>The name of the symbol actors' parent.</summary>
    public const string SymbolsName = "symbols";

    private readonly NodeOptions _options;
    private readonly ILogger _logger;
    private readonly ActorLog _actorLog;
    private readonly SymbolSettings _settings;
    private readonly BookLevelsPool _books;
    private readonly NodeStore _store;
    private readonly ContextPlan _plan;
    private readonly RowOutlet _outlet;
    private readonly RowGate _gate;
    private readonly AddressBudget? _budget;
    private ActorRef<PollingActor.None>? _polling;

    private NodeParts(NodeOptions options, TimeProvider time, ILogger logger, NodeStore store, Action<Exception> failed)
    {
        _options = options;
        _logger = logger;
        _store = store;
        _settings = new SymbolSettings(
            (int)options.Interval.TotalMilliseconds, options.DepthLevels, ProvidedFeeds.Of(options))
        {
            Features = options.Features,
            AwaitsHistory = options.Features,
        };
        _books = new BookLevelsPool(options.DepthStreamLevels);
        _plan = new ContextPlan(options);
        Rest = new RestSource(options, time, _logger);
        Board = new StatusBoard(options, _settings, Universe);
        Symbols.Know(_plan.Symbols);
        _actorLog = new ActorLog(_logger);
        Actors = new ActorSystem("feeds", time, _actorLog, options.Seed);

        // First, so that it is stopped last: the lease is renewed while the rest is drained.
        ShardOptions sharding = new() { LeaseTtl = options.LeaseTtl };
        LeaseDeadline deadline = new(time, sharding.LeaseTtl, sharding.Margin);
        Placed = new RegionOutcome(failed);
        Region = Actors.ActorOf(
            new Props<ShardMessage>(() => new ShardRegionActor(
                store.Leases, store.Held, deadline, () => Shards!, sharding, ShardGauges, Placed, _logger)),
            "shards");
        _gate = new RowGate(store.Held, deadline);
        if (store.Leases is PostgresLeases shared)
        {
            // Nodes of a cluster are taken to stand behind one address: when they do not, they ask less than they
            // might.
            RequestLedger ledger = new(
                shared.Database, $"{options.Proxy?.Authority}/{options.RestUrl.Authority}", time,
                AddressBudget.Windows);
            _budget = new AddressBudget(
                Rest.Planner,
                ledger,
                () => ShardGauges.View?.Members.Count(static member => member.IsAlive) ?? 1,
                time);
        }

        _outlet = new RowOutlet(Actors.ActorOf(RowSink(failed), "rows"));
        Actors.ActorOf(
            new Props<JournalMessage>(
                () => new JournalActor(
                    store.Journal, Symbols, options.JournalFlushInterval, options.SnapshotInterval, _logger))
            {
                Supervision = DiskStrategy(failed),
            },
            "journal");
        SymbolActors = Actors.ActorOf(
            new Props<SymbolsMessage>(() => new SymbolsActor(Symbols, SymbolProps)), SymbolsName);
        ContextBars bars = new(_plan.Symbols);
        Context = new ContextFeed(
            Actors.ActorOf(new Props<ContextMessage>(() => new ContextActor(bars, _plan, Symbols)), "context"), bars);
        Certified = new CertifiedBooks(_books, options.DepthStreamLevels, options.DepthLevels, _logger);
        Streams = new NodeStreams(
            options, Symbols, Universe, _books, Certified, Clock, Context, Rest.Planner, time, _logger);
        Shards = new NodeShards(store, options, Symbols, SymbolActors, _outlet, Streams, time);
    }

    public ActorSystem Actors { get; }

    public RestSource Rest { get; }

    public ClockGauge Clock { get; } = new();

    public SymbolSet Symbols { get; } = new();

    public RowGauges Rows { get; } = new();

    public Universe Universe { get; } = new();

    public SymbolChanges? Changes => _store.Changes;

    public ILeases Leases => _store.Leases;

    public HeldLeases Held => _store.Held;

    public ActorRef<ShardMessage> Region { get; }

    public RegionOutcome Placed { get; }

    public NodeShards Shards { get; }

    public ShardGauges ShardGauges { get; } = new();

    /// <summary>Returns how the cluster stands.</summary>
    public ClusterStatus ClusterStatus() => new(
        Leases.NodeId, ShardGauges.View, _gate.IsOpen, ShardGauges.Trouble, ShardGauges.Taken, ShardGauges.HandedOver,
        ShardGauges.Lost,
        Held.FencedWrites, _gate.DiscardedRows);

    public NodeJournal Journal => _store.Journal;

    public ContextFeed Context { get; }

    public CertifiedBooks Certified { get; }

    public NodeStreams Streams { get; }

    public StatusBoard Board { get; }

    public ActorRef<SymbolsMessage> SymbolActors { get; }

    /// <summary>Opens what lies on disk, then starts the part of the tree that waits for events.</summary>
    public static async Task<NodeParts> OpenAsync(
        NodeOptions options, TimeProvider time, ILoggerFactory loggers, Action<Exception> failed,
        CancellationToken cancellationToken) =>
        new(
            options, time, loggers.CreateLogger("Feeds.Engine"),
            await NodeStore.OpenAsync(options, time, loggers, cancellationToken), failed);

    /// <summary>Starts what events come from.</summary>
    public void StartSources()
    {
        var pollers = NodePollers.Of(
            _options, Rest, Clock, Universe, Symbols, Context, Certified, () => Streams.ContractConnections, _logger);
        _polling = Actors.ActorOf(new Props<PollingActor.None>(() => new PollingActor(pollers)), "polling");
        Streams.Start(Actors);

        // Last, so that it is stopped first: a tick while the streams close would say that every feed is down.
        Actors.ActorOf(new Props<TickerActor.Due>(() => new TickerActor(Symbols, _options.Interval)), "ticker");
    }

    /// <summary>Says that the node begins to stop.</summary>
    public void BeginStop() => _actorLog.Stopping();

    /// <summary>
    /// Stops the sources. A request that is under way, or waits for its turn or for the end of a hold, is worth no
    /// waiting: what it would bring is fetched after the next start.
    /// </summary>
    public void CloseSources()
    {
        Streams.Close();
        if (_polling is not null)
        {
            Actors.Stop(_polling);
        }
    }

    /// <summary>Returns how the REST side stands.</summary>
    public RestStatus RestStatus() => Rest.Status(Clock.OffsetMs, Streams.IsBlocked);

    /// <summary>Returns what was counted since the start.</summary>
    public NodeCounters Counters()
    {
        SymbolTotals symbols = Symbols.Totals();
        StreamTotals streams = Streams.Groups.Totals;
        return new NodeCounters
        {
            Messages = symbols.Messages(),
            Gaps = symbols.Gaps(),
            Rejected = symbols.Rejected(),
            Malformed = streams.Malformed(),
            DecodeSampled = streams.Sampled,
            DecodeSeconds = streams.SampledSeconds,
            MissingTrades = Symbols.Entries.Sum(
                static entry => entry.Gauges.MissingTrades.Sum(static range => range.To - range.From + 1)),
            JournalBytes = Journal.BytesWritten,
            JournalPendingBytes = Journal.PendingBytes,
            RowsNotWritten = _store.Sinks.SelectMany(static sink => sink.NotWritten).GroupBy(static each => each.Key)
                .ToDictionary(static each => each.Key, static each => each.Sum(static count => count.Value)),
            LeaseChanges = new Dictionary<string, long>
            {
                ["taken"] = ShardGauges.Taken,
                ["handed_over"] = ShardGauges.HandedOver,
                ["lost"] = ShardGauges.Lost,
            },
            DeadLetters = Actors.DeadLetters.Total,
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (_budget is not null)
        {
            await _budget.DisposeAsync();
        }

        await _store.DisposeAsync();
        Rest.Dispose();
        Shards.Dispose();
    }

    private Props<RowMessage> RowSink(Action<Exception> failed)
    {
        RowBuffer buffer = new();
        return new Props<RowMessage>(
            () => new RowSinkActor(buffer, Symbols, _store.Sinks, Rows, _gate, Journal.FlushAsync))
        {
            Mailbox = new MailboxOptions<RowMessage> { DataCapacity = 8192 },
            Supervision = DiskStrategy(failed),
        };
    }

    // A full disk is tried again; one that did not confirm what was written ends the node.
    private static SupervisorStrategy DiskStrategy(Action<Exception> failed) => new()
    {
        Backoff = new Backoff { Min = TimeSpan.FromMilliseconds(500), Max = TimeSpan.FromSeconds(15) },
        Decider = failure =>
        {
            if (failure is not StorageSuspectException)
            {
                return Directive.Restart;
            }

            failed(failure);
            return Directive.Stop;
        },
    };

    private Props<SymbolMessage> SymbolProps(SymbolEntry entry)
    {
        SymbolSettings settings = _settings with { Context = _plan.Of(entry.Symbol) };
        return new(() => new SymbolActor(entry, settings, _books, Journal, _outlet, Context.Bars, _options.Applied))
        {
            Mailbox = new MailboxOptions<SymbolMessage>
            {
                Classify = SymbolMessage.Classify,
                WithReplaced = SymbolMessage.WithReplaced,
                Discarded = message =>
                {
                    message.Snapshot?.TryFail(new ActorStoppedException(entry.Symbol.Text, ActorState.Stopped));
                    if (message.Event.Kind is EventKind.Book or EventKind.Quote)
                    {
                        _books.Return(message.Event.Levels);
                    }
                },
            },
            Supervision = new SupervisorStrategy
            {
                Backoff = new Backoff { Min = TimeSpan.FromMilliseconds(200), Max = TimeSpan.FromSeconds(10) },
                MaxRestarts = 5,
                WhenExhausted = Exhaustion.Park,
            },
        };
    }
}
