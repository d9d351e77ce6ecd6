using Feeds.Actors;
using Feeds.Actors.Mailboxes;
using Feeds.Actors.Supervision;
using Feeds.Binance.Limits;
using Feeds.Binance.Streams;
using Feeds.Binance.Wire;
using Feeds.Core.Books;
using Feeds.Core.Market;
using Feeds.Engine.Books;
using Feeds.Engine.Context;
using Feeds.Engine.Polling;
using Feeds.Engine.Symbols;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine.Streams;

/// <summary>
/// The streams of a node: which it takes, how their connections are made and supervised, where their frames go.
/// </summary>
internal sealed class NodeStreams
{
    private readonly NodeOptions _options;
    private readonly SymbolSet _symbols;
    private readonly Universe _universe;
    private readonly BookLevelsPool _books;
    private readonly CertifiedBooks _certified;
    private readonly ClockGauge _clock;
    private readonly TimeProvider _time;
    private readonly ContextFeed _context;
    private readonly StreamOpener _opener;
    private readonly SchemaDrift _drift;
    private readonly ILogger _logger;
    private readonly IReadOnlyList<StreamName> _fixed;
    private ActorRef<StreamHubMessage>? _hub;

    public NodeStreams(
        NodeOptions options,
        SymbolSet symbols,
        Universe universe,
        BookLevelsPool books,
        CertifiedBooks certified,
        ClockGauge clock,
        ContextFeed context,
        WeightPlanner planner,
        TimeProvider time,
        ILogger logger)
    {
        _options = options;
        _symbols = symbols;
        _universe = universe;
        _books = books;
        _certified = certified;
        _clock = clock;
        _time = time;
        _context = context;
        _logger = logger;
        _drift = new SchemaDrift(new DriftLog(logger));
        _opener = new StreamOpener(
            new StreamConnectionOptions { ConnectTimeout = options.Timeout, Proxy = options.Proxy }, planner, time);
        _fixed =
        [
            .. StreamNames.OfAll(options),
            .. context.Bars.Symbols.Select(static symbol => StreamName.For(symbol, StreamKind.Bars)),
        ];
        Groups = new StreamGroups(options.StreamUrl, options.MaxStreamsPerConnection);
    }

    /// <summary>Which stream stands on which connection.</summary>
    public StreamGroups Groups { get; }

    /// <summary>
    /// How many connections with the stream of contracts' changes were opened, replacements without a break not
    /// counted.
    /// </summary>
    public int ContractConnections =>
        Groups.All.Where(static group => group.Streams.Contains(StreamName.AllContracts)).Sum(
            static group => group.Connections);

    /// <summary>Connections that are being made or asked for their streams now.</summary>
    public int UnderWay => _opener.UnderWay;

    /// <summary>True while the exchange refuses connections from this address.</summary>
    public bool IsBlocked => _opener.IsBlocked;

    /// <summary>
    /// Says that the node stops: what ends from now on ends for that reason, and is no news to symbols.
    /// </summary>
    public void Close() => _opener.IsClosing = true;

    /// <summary>Opens connections for all symbols watched now.</summary>
    public void Start(ActorSystem actors)
    {
        Groups.Add(_fixed);
        Groups.Add(_symbols.Entries.SelectMany(entry => StreamNames.Of(entry.Symbol, _options)));
        _hub = actors.ActorOf(new Props<StreamHubMessage>(() => new StreamHubActor(Groups, StreamProps)), "streams");
    }

    /// <summary>Asks for the streams of one more symbol, and tells it of those that are open already.</summary>
    public async ValueTask AddAsync(SymbolEntry entry, long now, CancellationToken cancellationToken)
    {
        StreamName[] wanted = [.. StreamNames.Of(entry.Symbol, _options)];
        Feed[] open = [.. wanted.Concat(_fixed.Where(static stream => stream.Symbol is null)).Where(IsOpen)
            .Select(static stream => StreamFeeds.Of(stream.Kind)).OfType<Feed>()];
        await Hub.TellAsync(new StreamHubMessage(wanted, []), cancellationToken);
        foreach (Feed feed in open)
        {
            await entry.ConnectedAsync(feed, now, cancellationToken);
        }
    }

    /// <summary>Gives up the streams of a symbol, but for those that others need.</summary>
    public async ValueTask RemoveAsync(Symbol symbol, CancellationToken cancellationToken) =>
        await Hub.TellAsync(
            new StreamHubMessage([], [.. StreamNames.Of(symbol, _options).Except(_fixed)]), cancellationToken);

    private ActorRef<StreamHubMessage> Hub => _hub
        ?? throw new InvalidOperationException("The streams are not started.");

    private bool IsOpen(StreamName stream) => Groups.All.Any(group => group.IsOpen && group.Streams.Contains(stream));

    private Props<StreamMessage> StreamProps(StreamGroup group)
    {
        Random random = new(_options.Seed ^ (group.Name.Sum(static letter => letter) << 8));
        return new(() => new StreamActor(
            group,
            _symbols,
            _universe,
            () => Router(group),
            _opener,
            _clock,
            _options.MaxConnectionAge * (1 - (random.NextDouble() / 20)),
            _logger))
        {
            Mailbox = new MailboxOptions<StreamMessage> { DataCapacity = 256, Classify = StreamMessage.Classify },

            // 1 s to 60 s with jitter, for ever: the outside world comes back some time.
            Supervision = SupervisorStrategy.Default,
        };
    }

    private StreamRouter Router(StreamGroup group) => new(
        new MessageDecoder(_symbols.Table, _books, drift: _drift),
        _symbols,
        group,
        _context,
        _certified,
        ContractChangedAsync,
        _time,
        _logger);

    private async ValueTask ContractChangedAsync(Contract contract, CancellationToken cancellationToken)
    {
        bool wasTrading = _universe.IsTrading(contract.Symbol);
        bool isRelisted = _universe.Set(contract.Symbol, contract.Status, contract.OnboardTime);
        if (_symbols.Find(contract.Symbol) is { } entry)
        {
            await _universe.AnnounceAsync(
                entry, wasTrading, isRelisted, _logger, contract.ReceiveTime, cancellationToken);
        }
    }
}
