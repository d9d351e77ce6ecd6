using Feeds.Actors;
using Feeds.Actors.Mailboxes;
using Feeds.Actors.Supervision;
using Feeds.Core.Books;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Engine.Context;
using Feeds.Engine.Journaling;
using Feeds.Engine.Rows;
using Feeds.Engine.Sharding;
using Feeds.Engine.Symbols;
using Feeds.Storage;
using Feeds.Storage.Journals;
using Feeds.Storage.Leases;
using Feeds.Storage.Sinks;
using Feeds.Tests.Storage;
using Feeds.Tests.Time;

namespace Feeds.Tests.Engine;

/// <summary>The inner part of a node on a hand-moved clock: symbol actors, rows, a sink in memory.</summary>
internal sealed class EngineFixture : IAsyncDisposable
{
    public const long Start = 1_790_000_000_000;

    public EngineFixture(int intervalMs = 1_000)
    {
        Settings = new SymbolSettings(intervalMs, 3, SymbolSettings.AllFeeds);
        Clock = new ManualTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(Start));
        System = new ActorSystem("test", Clock);
        Segments = SegmentJournal.Open(
            new JournalOptions { Folder = _folder.At("journal") }, Clock, NoStorageEvents.Instance);
        Journal = new NodeJournal(Segments, [Sink], Clock);
        Deadline = new LeaseDeadline(Clock, TimeSpan.FromDays(2), TimeSpan.FromDays(1));
        Deadline.Renewed(Deadline.Mark());
        Gate = new RowGate(Held, Deadline);
        Rows = System.ActorOf(
            new Props<RowMessage>(() => new RowSinkActor(Buffer, Symbols, [Sink], Gauges, Gate, Journal.FlushAsync))
            {
                Supervision = new SupervisorStrategy { Backoff = new Backoff { Min = TimeSpan.FromMilliseconds(500) } },
            },
            "rows");
    }

    private readonly TemporaryFolder _folder = new();

    public SegmentJournal Segments { get; }

    public NodeJournal Journal { get; }

    public SymbolSettings Settings { get; }

    public ManualTimeProvider Clock { get; }

    public ActorSystem System { get; }

    public SymbolSet Symbols { get; } = new();

    public ContextBars Context { get; } = new([Symbol.Parse("BTCUSDT")]);

    public BookLevelsPool Books { get; } = new(20);

    public RowBuffer Buffer { get; } = new();

    public RowGauges Gauges { get; } = new();

    public HeldLeases Held { get; } = new();

    public LeaseDeadline Deadline { get; }

    public RowGate Gate { get; }

    public MemorySink Sink { get; } = new();

    /// <summary>Called with every event that a symbol applied, on its actor's thread.</summary>
    public Action<Symbol, MarketEvent>? Applied { get; set; }

    public ActorRef<RowMessage> Rows { get; }

    public SymbolEntry Add(string name, int dataCapacity = 1024, bool isHandedOver = false)
    {
        SymbolEntry entry = new(Symbol.Parse(name), new SymbolGauges()) { IsHandedOver = isHandedOver };
        entry.Started(System.ActorOf(
            new Props<SymbolMessage>(() => new SymbolActor(
                entry, Settings, Books, Journal, new RowOutlet(Rows), Context,
                (symbol, e) => Applied?.Invoke(symbol, e)))
            {
                Mailbox = new MailboxOptions<SymbolMessage>
                {
                    DataCapacity = dataCapacity,
                    Classify = SymbolMessage.Classify,
                    WithReplaced = SymbolMessage.WithReplaced,
                },
                Supervision = new SupervisorStrategy { MaxRestarts = 2, WhenExhausted = Exhaustion.Park },
            },
            name));
        Symbols.Add(entry);
        Held.Hold(new SymbolLease(entry.Symbol, "test@1", 1));
        return entry;
    }

    public MarketEvent Book(long updateId, double bidQuantity = 3, double askQuantity = 1)
    {
        BookLevels levels = Books.Rent();
        levels.BidBuffer[0] = new PriceLevel(100, bidQuantity);
        levels.AskBuffer[0] = new PriceLevel(101, askQuantity);
        levels.SetCounts(1, 1);
        long now = Clock.GetUtcNow().ToUnixTimeMilliseconds();
        return MarketEvent.ForBook(now - 5, now, updateId, levels);
    }

    public async ValueTask DisposeAsync()
    {
        await System.DisposeAsync();
        await Journal.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Keeps rows in memory; refuses as long as it is told to.</summary>
    public sealed class MemorySink : IRowSink
    {
        private readonly Lock _lock = new();
        private readonly List<TickRows> _rows = [];

        public string Name => "memory";

        public bool Refuses { get; set; }

        /// <summary>Called before rows are taken.</summary>
        public Action? Writing { get; set; }

        public int Refusals { get; private set; }

        public IReadOnlyList<FeedRow> Rows
        {
            get
            {
                lock (_lock)
                {
                    return [.. _rows.Select(static each => each.Feed)];
                }
            }
        }

        /// <summary>The feature rows.</summary>
        public IReadOnlyList<FeatureRow> Features
        {
            get
            {
                lock (_lock)
                {
                    return [.. _rows.Select(static each => each.Features).OfType<FeatureRow>()];
                }
            }
        }

        public ValueTask WriteAsync(IReadOnlyList<TickRows> rows, CancellationToken cancellationToken)
        {
            if (Refuses)
            {
                Refusals++;
                throw new StorageException("memory", "no room");
            }

            Writing?.Invoke();
            lock (_lock)
            {
                _rows.AddRange(rows);
            }

            return default;
        }

        public long DurableTick(Symbol symbol) => 0;

        public ValueTask DisposeAsync() => default;
    }
}
