using Feeds.Actors;
using Feeds.Actors.Mailboxes;
using Feeds.Actors.Supervision;
using Feeds.Actors.Tree;
using Feeds.Binance.Streams;
using Feeds.Binance.Wire;
using Feeds.Core.Books;
using Feeds.Core.Market;
using Feeds.Engine.Health;
using Feeds.Engine.Journaling;
using Feeds.Engine.Polling;
using Feeds.Engine.Rows;
using Feeds.Engine.Streams;
using Feeds.Engine.Symbols;
using Feeds.Storage;
using Feeds.Storage.Journals;
using Feeds.Storage.Sinks;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine;

/// <summary>What a running node is made of: puts the tree together, knows how its members are made and supervised.</summary>
internal sealed class NodeParts : IAsyncDisposable
{
    /// <summary>The name of the symbol actors' parent.</summary>
    public const string SymbolsName = "symbols";

    private readonly NodeOptions _options;
    private readonly ILogger _logger;
    private readonly SymbolSettings _settings;
    private readonly BookLevelsPool _books;
    private readonly List<IRowSink> _sinks;
    private readonly ClockGauge _clock = new();
    private readonly StreamOpener _opener;
    private readonly RestSource _rest;
    private readonly RowOutlet _outlet;
    private readonly SchemaDrift _drift;
    private ActorRef<StreamHubMessage>? _hub;

    private NodeParts(
        NodeOptions options,
        TimeProvider time,
        ILoggerFactory loggers,
        SymbolChanges changes,
        List<IRowSink> sinks,
        NodeJournal journal,
        Action<Exception> failed)
    {
        _options = options;
        _logger = loggers.CreateLogger("Feeds.Engine");
        _sinks = sinks;
        Journal = journal;
        _settings = new SymbolSettings((int)options.Interval.TotalMilliseconds, options.DepthLevels, ProvidedFeeds.Of(options));
        _books = new BookLevelsPool(options.DepthStreamLevels);
        _drift = new SchemaDrift(new DriftLog(_logger));
        _rest = new RestSource(options, time, _logger);
        _opener = new StreamOpener(
            new StreamConnectionOptions { ConnectTimeout = options.Timeout, Proxy = options.Proxy }, _rest.Planner, time);
        Changes = changes;
        Streams = new StreamGroups(options.StreamUrl, options.MaxStreamsPerConnection);
        Board = new StatusBoard(options, _settings, Universe);
        Actors = new ActorSystem("feeds", time, new ActorLog(_logger), options.Seed);
        _outlet = new RowOutlet(Actors.ActorOf(RowSink(failed), "rows"));
        Actors.ActorOf(
            new Props<JournalMessage>(
                () => new JournalActor(journal, Symbols, options.JournalFlushInterval, options.SnapshotInterval))
            {
                Supervision = DiskStrategy(failed),
            },
            "journal");
        SymbolActors = Actors.ActorOf(
            new Props<SymbolsMessage>(() => new SymbolsActor(Symbols, SymbolProps)), SymbolsName);
    }

    public ActorSystem Actors { get; }

    public RestSource Rest => _rest;

    public ClockGauge Clock => _clock;

    public SymbolSet Symbols { get; } = new();

    public RowGauges Rows { get; } = new();

    public Universe Universe { get; } = new();

    public SymbolChanges Changes { get; }

    public NodeJournal Journal { get; }

    public StreamGroups Streams { get; }

    public StatusBoard Board { get; }

    public ActorRef<SymbolsMessage> SymbolActors { get; }

    public ActorRef<StreamHubMessage> Hub => _hub ?? throw new InvalidOperationException("The sources are not started.");

    /// <summary>Opens what lies on disk, then starts the part of the tree that waits for events.</summary>
    public static async Task<NodeParts> OpenAsync(
        NodeOptions options,
        TimeProvider time,
        ILoggerFactory loggers,
        Action<Exception> failed)
    {
        StorageLog events = new(loggers.CreateLogger("Feeds.Storage"));
        SymbolChanges changes = SymbolChanges.Open(options.DataDirectory);
        List<IRowSink> sinks = [];
        if (options.CsvPath is { } path)
        {
            CsvRowSinkOptions csv = new()
            {
                Path = path,
                Rotation = options.CsvRotation,
                RotateBytes = options.CsvRotateMb * 1_000_000L,
                KeepFiles = options.CsvKeepFiles,
            };
            sinks.Add(CsvRowSink.Open(csv, events));
        }

        JournalOptions journal = new()
        {
            Folder = Path.Combine(options.DataDirectory, "journal"),
            KeepAge = options.JournalKeepAge,
            KeepBytes = options.JournalKeepBytes,
            MinFreeBytes = options.JournalMinFreeBytes,
        };
        try
        {
            return new NodeParts(
                options, time, loggers, changes, sinks, NodeJournal.Open(journal, sinks, time, events), failed);
        }
        catch
        {
            foreach (IRowSink sink in sinks)
            {
                await sink.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>Starts what events come from.</summary>
    public void StartSources()
    {
        Actors.ActorOf(new Props<PollingActor.None>(() => new PollingActor(Pollers())), "polling");
        Streams.Add(StreamNames.OfAll(_options));
        Streams.Add(Symbols.Entries.SelectMany(entry => StreamNames.Of(entry.Symbol, _options)));
        _hub = Actors.ActorOf(new Props<StreamHubMessage>(() => new StreamHubActor(Streams, StreamProps)), "streams");

        // Last, so that it is stopped first: a tick while the streams close would say that every feed is down.
        Actors.ActorOf(
            new Props<TickerActor.Due>(() => new TickerActor(Symbols, _options.Interval)) { Supervision = Sources }, "ticker");
    }

    /// <summary>Returns how the REST side stands.</summary>
    public RestStatus RestStatus() => _rest.Status(_clock.OffsetMs, _opener.IsBlocked);

    public async ValueTask DisposeAsync()
    {
        foreach (IRowSink sink in _sinks)
        {
            await sink.DisposeAsync();
        }

        Journal.Dispose();
        _rest.Dispose();
    }

    // 1 s to 60 s with jitter, for ever: the outside world comes back some time.
    private static SupervisorStrategy Sources => SupervisorStrategy.Default;

    private Props<RowMessage> RowSink(Action<Exception> failed)
    {
        RowBuffer buffer = new();
        return new Props<RowMessage>(() => new RowSinkActor(buffer, Symbols, _sinks, Rows, () => Journal.Writer.Flush()))
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

    private Props<SymbolMessage> SymbolProps(SymbolEntry entry) =>
        new(() => new SymbolActor(entry, _settings, _books, Journal, _outlet, _options.Applied))
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

    private Props<StreamMessage> StreamProps(StreamGroup group)
    {
        Random random = new(_options.Seed ^ (group.Name.Sum(static letter => letter) << 8));
        return new(() => new StreamActor(
            group,
            Symbols,
            Universe,
            () => Router(group),
            _opener,
            _options.MaxConnectionAge * (1 - (random.NextDouble() / 20)),
            _logger))
        {
            Mailbox = new MailboxOptions<StreamMessage> { DataCapacity = 256 },
            Supervision = Sources,
        };
    }

    private StreamRouter Router(StreamGroup group) => new(
        new MessageDecoder(Symbols.Table, _books, drift: _drift), Symbols, group, ContractChangedAsync, _logger);

    private async ValueTask ContractChangedAsync(Contract contract, CancellationToken cancellationToken)
    {
        bool wasTrading = Universe.IsTrading(contract.Symbol);
        bool isRelisted = Universe.Set(contract.Symbol, contract.Status, contract.OnboardTime);
        if (Symbols.Find(contract.Symbol) is { } entry)
        {
            await Universe.AnnounceAsync(entry, wasTrading, isRelisted, _logger, contract.ReceiveTime, cancellationToken);
        }
    }

    private List<(string Name, Props<PollerActor.Poll> Props)> Pollers()
    {
        List<(string Name, Props<PollerActor.Poll> Props)> pollers = [];
        void Add(string name, Provider provider, Func<PollerActor> make)
        {
            if (provider != Provider.Off)
            {
                pollers.Add((name, new Props<PollerActor.Poll>(make) { Supervision = Sources }));
            }
        }

        Add("universe", Provider.Auto, () => new UniversePoller(_rest, Universe, Symbols, _logger));
        Add("clock", Provider.Auto, () => new ClockPoller(_rest, _clock, Symbols, _logger));
        Add("open-interest", _options.OpenInterest, () => new OpenInterestPoller(_rest, _options, Symbols, _logger));
        Add("open-interest-history", _options.OpenInterest, () => new OpenInterestHistoryPoller(_rest, _options, Symbols, _logger));
        Add("funding", _options.Funding, () => new FundingPoller(_rest, Symbols, _logger));
        Add("premium", _options.Basis, () => new PremiumPoller(_rest, _options, Symbols, _logger));
        Add("bars", Provider.Auto, () => new BarPoller(_rest, _options, Symbols, _logger));
        Add("trade-gaps", Provider.Auto, () => new TradeGapPoller(_rest, _options, Symbols, _logger));
        Add("ratios", Provider.Auto, () => new RatioPoller(_rest, _options, Symbols, _logger));
        return pollers;
    }
}
