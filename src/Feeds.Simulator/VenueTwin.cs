using Feeds.Simulator.Faults;
using Feeds.Simulator.Ledgers;
using Feeds.Simulator.Markets;
using Feeds.Simulator.Replay;
using Feeds.Simulator.Server;

namespace Feeds.Simulator;

/// <summary>
/// A stand-in for the exchange: a real server on the loopback address that speaks Binance USD-M's REST and WebSocket
/// with its quirks, over a market made from a seed or replayed from recordings.
/// </summary>
public sealed class VenueTwin : IAsyncDisposable
{
    private const int StepMs = 10;

    private readonly VenueClock _clock;
    private readonly StreamHub _hub;
    private readonly List<SymbolPublisher> _publishers = [];
    private readonly GlobalStreams _global;
    private readonly Lock _pumpGate = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly VenueServer _server;
    private readonly RestSymbols _symbols;
    private readonly RestApi _api;
    private readonly bool _stopsWhenOver;
    private Task? _stopping;
    private ITimer? _timer;
    private long _time;

    private VenueTwin(VenueTwinOptions options, TimeProvider time)
    {
        _stopsWhenOver = options.StopWhenOver;
        _clock = new VenueClock(options, time);
        _time = _clock.Now / StepMs * StepMs;
        Ledger = new Ledger(options.LedgerPath, options.KeepLedger, () => _clock.Now);
        RestLimits limits = new(options, time);
        Faults = new FaultBoard(options.Seed, Ledger, limits);
        _hub = new StreamHub(options, Ledger, Faults, time, () => _clock.Now);
        FrameWriter shared = new();
        MarketWalk market = new(Noise.Key(options.Seed, "market"), 0.03, 30, 0.5);
        IReadOnlyList<Recording> recordings = ReplaySession.Load(options.Replay, _time, options.ReplaySkip);
        List<SymbolSpec> listed =
            [.. options.AllSpecs.Where(spec => !recordings.Any(one => one.Symbol == spec.Symbol))];
        foreach (SymbolSpec spec in listed.Where(static spec => spec.Trades))
        {
            Add(new SymbolPublisher(
                new GeneratedSymbol(spec, options.Seed, market, _time), new GeneratedHistory(
                    spec, options.Seed, market, _time),
                _hub, shared));
        }

        ReplayStart = recordings.Count == 0
            ? null
            : DateTimeOffset.FromUnixTimeMilliseconds(
                Math.Max(_time, recordings.Min(static one => one.Records[0].ReplayTime)));
        foreach (Recording recording in recordings)
        {
            ReplayedSymbol replayed = new(recording, options.Seed, _time);
            Add(new SymbolPublisher(replayed, replayed, _hub, shared));
            listed.Add(replayed.Spec);
        }

        _global = new GlobalStreams(_hub, _publishers, shared);
        _symbols = new RestSymbols(listed, _publishers);
        _api = new RestApi(options, _clock, limits, Faults, _symbols, Ledger, PumpNow, time);
        foreach (Fault fault in options.Faults)
        {
            Faults.Plan(fault, _time);
        }

        _server = new VenueServer(options, _hub, _api, time);
    }

    /// <summary>Base address of REST, such as <c>http://127.0.0.1:41234</c>.</summary>
    public string RestUrl => $"http://127.0.0.1:{_server.Port}";

    /// <summary>Base address of streams, such as <c>ws://127.0.0.1:41234</c>.</summary>
    public string StreamUrl => $"ws://127.0.0.1:{_server.Port}";

    /// <summary>What was generated and what was really sent.</summary>
    public Ledger Ledger { get; }

    /// <summary>The symbols that have a market, in the order of the options.</summary>
    public IReadOnlyList<string> Symbols => [.. _publishers.Select(static publisher => publisher.Spec.Symbol)];

    /// <summary>
    /// Ends when all replayed markets are over; never for generated ones. Fails if the venue itself does: then nothing
    /// moves any more.
    /// </summary>
    public Task Completion => _completion.Task;

    /// <summary>
    /// When the first replayed event is due: up to a minute after the start, as times move by whole minutes. Null
    /// without a replay.
    /// </summary>
    public DateTimeOffset? ReplayStart { get; }

    /// <summary>The venue's present.</summary>
    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(_clock.Now);

    internal FaultBoard Faults { get; }

    /// <summary>
    /// The best levels of a symbol's book as it truly was at a time, epoch ms; null when it has none.
    /// </summary>
    internal BookImage? BookAt(string symbol, int depth, long time) => _publishers
        .Find(one => string.Equals(one.Spec.Symbol, symbol, StringComparison.Ordinal))?.History.Book(depth, time);

    /// <summary>True while a fault keeps some connection from sending as it should.</summary>
    internal bool HasStuckConnections => _hub.Connections.Any(static connection => connection.IsStuck);

    /// <summary>How many stream connections have ended, whoever ended them.</summary>
    internal int EndedConnections => _hub.Ended;

    /// <summary>Requests that a fault makes wait for their answers now.</summary>
    internal int SlowAnswers => _api.Slow;

    internal StreamHub Hub => _hub;

    /// <summary>
    /// Starts a venue; it listens and its market moves when this returns. After a cancel nothing listens.
    /// </summary>
    /// <param name="options">How it is set up.</param>
    /// <param name="time">The clock that drives the market; a hand-moved one drives it inside its own moves.</param>
    /// <param name="cancellation">Gives up the start.</param>
    /// <exception cref="Feeds.Core.FeedsException">An option is out of range, or the port is taken.</exception>
    public static async Task<VenueTwin> StartAsync(
        VenueTwinOptions options, TimeProvider time, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        VenueTwin venue = new(options, time);
        await venue._server.StartAsync(cancellation);
        venue._timer = time.CreateTimer(
            static state => ((VenueTwin)state!).OnTimer(), venue, options.PumpInterval, options.PumpInterval);
        return venue;
    }

    /// <summary>Completes once everything published so far is on the wire to all clients that still read.</summary>
    public Task FlushAsync() => Task.WhenAll(_hub.Connections.Select(static connection => connection.FlushAsync()));

    /// <summary>
    /// Makes something go wrong, <see cref="Fault.At"/> from now; it begins when the market moves next. Disposing what
    /// is returned ends it at the move after.
    /// </summary>
    /// <exception cref="Feeds.Core.FeedsException">The fault makes no sense.</exception>
    public IDisposable Inject(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return new InjectedFault(Faults, Faults.Plan(fault, _clock.Now));
    }

    /// <summary>
    /// Gives a symbol another status, such as <c>SETTLING</c> or <c>TRADING_HALT</c>, and says so on
    /// <c>!contractInfo</c>. Without
    /// <c>TRADING</c> its streams fall silent and REST knows nothing later. Back in <c>TRADING</c> the market stands
    /// where it would have.
    /// </summary>
    /// <exception cref="Feeds.Core.FeedsException">The venue has no such market.</exception>
    public void SetStatus(string symbol, string status)
    {
        SymbolPublisher publisher = _publishers.Find(
            one => string.Equals(one.Spec.Symbol, symbol, StringComparison.Ordinal))
            ?? throw new Feeds.Core.FeedsException($"symbol = {symbol}: the venue has no such market");
        lock (_pumpGate)
        {
            publisher.IsSilent = status != "TRADING";
            _symbols.SetStatus(symbol, status, _time);
            Ledger.Note(0, $"{symbol} is {status}");
            _global.Announce(publisher.Spec, status, _time);
        }
    }

    /// <summary>
    /// Lists a symbol of a generated market again: another instrument under the same name, with a new time of listing
    /// and numbers of trades and books that begin anew. Says so on <c>!contractInfo</c>.
    /// </summary>
    /// <exception cref="Feeds.Core.FeedsException">The venue generates no such market.</exception>
    public void Relist(string symbol)
    {
        SymbolPublisher? publisher = _publishers.Find(
            one => string.Equals(one.Spec.Symbol, symbol, StringComparison.Ordinal));
        if (publisher is not { Market: GeneratedSymbol market, History: GeneratedHistory history })
        {
            throw new Feeds.Core.FeedsException($"symbol = {symbol}: the venue generates no such market");
        }

        lock (_pumpGate)
        {
            IdShift shift = market.Renumber();
            history.Renumber(shift);
            publisher.IsSilent = false;
            SymbolSpec spec = publisher.Spec with { OnboardTime = _time };
            _symbols.Relist(spec);
            Ledger.Note(0, $"{symbol} is listed again");
            _global.Announce(spec, "TRADING", _time);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_timer is not null)
        {
            await _timer.DisposeAsync();
        }

        await (_stopping ?? _server.DisposeAsync().AsTask());
        Ledger.Dispose();
    }

    private void Add(SymbolPublisher publisher)
    {
        _publishers.Add(publisher);
        _hub.Add(publisher);
    }

    private void OnTimer()
    {
        if (_completion.Task.IsFaulted)
        {
            return;
        }

        // A step that takes longer than the interval is not overlapped by the next one; the next one catches up.
        if (_pumpGate.TryEnter())
        {
            try
            {
                Pump();
            }
#pragma warning disable CA1031 // The boundary to the timer: what fails here would end the process.
            catch (Exception e)
#pragma warning restore CA1031
            {
                // Whoever runs the venue sees it in Completion.
                Ledger.Note(0, $"the market stopped: {e.Message}");
                _completion.TrySetException(e);
            }
            finally
            {
                _pumpGate.Exit();
            }
        }
    }

    /// <summary>
    /// Brings the market up to the present, so that an answer about it is not behind the clock; returns that time.
    /// </summary>
    private long PumpNow()
    {
        lock (_pumpGate)
        {
            Pump();
            return _time;
        }
    }

    private void Pump()
    {
        long now = _clock.Now;
        while (_time + StepMs <= now)
        {
            _time += StepMs;
            Faults.Step(_time, _hub.Connections);
            int phase = (int)(_time % 100);
            foreach (SymbolPublisher publisher in _publishers)
            {
                if (publisher.Phase == phase || publisher.Market.MovesFinely)
                {
                    publisher.Step(_time);
                }
            }

            _global.Step(_time);
            if (_time % 1000 == 0)
            {
                _hub.Check(_time);
                Ledger.Flush();
                Finish();
            }
        }
    }

    private void Finish()
    {
        if (_completion.Task.IsCompleted || _publishers.Count == 0
            || !_publishers.TrueForAll(static one => one.Market.IsOver))
        {
            return;
        }

        Ledger.Note(0, "all replayed markets are over");
        _completion.TrySetResult();
        if (_stopsWhenOver)
        {
            _stopping = _server.DisposeAsync().AsTask();
        }
    }

    private sealed class InjectedFault(FaultBoard board, ActiveFault fault) : IDisposable
    {
        public void Dispose() => board.End(fault);
    }
}
