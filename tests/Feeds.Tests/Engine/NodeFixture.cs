using System.Globalization;
using Feeds.Actors.Tree;
using Feeds.Core.Market;
using Feeds.Engine;
using Feeds.Engine.Health;
using Feeds.Engine.Streams;
using Feeds.Simulator;
using Feeds.Tests.Time;
using Xunit;

namespace Feeds.Tests.Engine;

/// <summary>
/// A whole node against a venue twin over real sockets, both on one clock that is moved by hand in small steps; after
/// each step the node is given the real time it needs to take in what the venue sent.
/// </summary>
internal sealed class NodeFixture : IAsyncDisposable
{
    // So long without any progress after a connection ended, and what was sent on it will never be read.
    private static readonly TimeSpan LostPatience = TimeSpan.FromMilliseconds(150);

    // While all connections live, everything that was sent is read: a loaded machine takes its time.
    private static readonly TimeSpan WholePatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HandshakePatience = TimeSpan.FromMilliseconds(300);

    // The answer of a connection that a fault holds back does not come: the node's deadline is what ends it.
    private static readonly TimeSpan StuckPatience = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan RealDeadline = TimeSpan.FromSeconds(90);

    private readonly string _folder;
    private readonly Dictionary<string, List<AppliedEvent>> _applied = new(StringComparer.Ordinal);
    private readonly NodeOptions _options;
    private long _lost;
    private int _ended;
    private bool _stopped;
    private bool _nodeStopped;

    private NodeFixture(VenueTwin venue, ManualTimeProvider clock, string folder, NodeOptions options)
    {
        Venue = venue;
        Clock = clock;
        _folder = folder;
        _options = options with
        {
            Applied = (symbol, e) =>
            {
                Note(symbol, e);
                options.Applied?.Invoke(symbol, e);
            },
        };
        Node = new Node(_options, clock, Log);
    }

    /// <summary>Warnings and errors that the node logged.</summary>
    public RecordedLog Log { get; } = new();

    public VenueTwin Venue { get; }

    public ManualTimeProvider Clock { get; }

    public Node Node { get; private set; }

    /// <summary>How far the clock is moved at once. The venue's market moves in steps of its own in any case.</summary>
    public TimeSpan Step { get; private init; } = TimeSpan.FromMilliseconds(100);

    public string Folder => _folder;

    public string JournalFolder => Path.Combine(_folder, "journal");

    public string LedgerPath => Path.Combine(_folder, "ledger.jsonl");

    public long Now => Clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The rows of the file, oldest first.</summary>
    public IReadOnlyList<CsvRow> Rows => [.. ReadLines().Skip(1).Select(CsvRow.Parse)];

    public static async Task<NodeFixture> StartAsync(
        string[] symbols,
        Func<VenueTwinOptions, VenueTwinOptions>? venue = null,
        Func<NodeOptions, NodeOptions>? node = null,
        bool start = true,
        int phaseMs = 0,
        TimeSpan? step = null)
    {
        ManualTimeProvider clock = new(
            new DateTimeOffset(2026, 11, 20, 10, 0, 2, TimeSpan.Zero).AddMilliseconds(phaseMs));
        string folder = Directory.CreateTempSubdirectory("feeds-node-").FullName;
        VenueTwinOptions venueOptions = new()
        {
            Symbols = [.. symbols.Where(static symbol => symbol != "SRMUSDT")],
            KeepLedger = true,
            UnknownFieldEvery = 0,
            LedgerPath = Path.Combine(folder, "ledger.jsonl"),
        };
        VenueTwin twin = await VenueTwin.StartAsync(venue?.Invoke(venueOptions) ?? venueOptions, clock);
        NodeOptions options = new()
        {
            Symbols = [.. symbols.Select(Symbol.Parse)],
            Interval = TimeSpan.FromSeconds(1),
            RestUrl = new Uri(twin.RestUrl),
            StreamUrl = new Uri(twin.StreamUrl),
            DataDirectory = folder,
            CsvPath = Path.Combine(folder, "feeds_log.csv"),
            Seed = 7,
        };
        NodeFixture fixture = new(twin, clock, folder, node?.Invoke(options) ?? options)
        {
            Step = step ?? TimeSpan.FromMilliseconds(100),
        };
        if (start)
        {
            await fixture.Node.StartAsync(CancellationToken.None);
        }

        return fixture;
    }

    /// <summary>Stops the node and starts another one in the same folder; the venue goes on while it is away.</summary>
    public async Task RestartAsync(TimeSpan away = default)
    {
        await Node.DisposeAsync();
        for (TimeSpan gone = TimeSpan.Zero; gone < away; gone += Step)
        {
            Clock.Advance(Step);
            await Venue.FlushAsync().WaitAsync(RealDeadline);
        }

        Node = new Node(_options, Clock, Log);
        await Node.StartAsync(CancellationToken.None);
    }

    /// <summary>
    /// Stops the node, whatever it cannot do any more, and starts one with other options once the clock stands and
    /// <paramref name="until"/> has ended; the venue goes on while the node stops.
    /// </summary>
    public async Task ReplaceAsync(Func<NodeOptions, NodeOptions> node, Func<Task> until)
    {
        await StopNodeAsync();
        await until();
        _nodeStopped = false;
        Node = new Node(node(_options), Clock, Log);
        await Node.StartAsync(CancellationToken.None);
    }

    /// <summary>Moves the clock on.</summary>
    public async Task RunAsync(double seconds)
    {
        long end = Now + (long)(seconds * 1000);
        while (Now < end)
        {
            await StepAsync();
        }
    }

    /// <summary>
    /// Moves the clock on until something holds; returns how many seconds that took. Fails when it takes longer than
    /// allowed.
    /// </summary>
    public async Task<double> UntilAsync(Func<bool> condition, double withinSeconds, string what)
    {
        long start = Now;
        while (!condition())
        {
            double taken = (Now - start) / 1000.0;
            Assert.True(taken <= withinSeconds, string.Create(
                CultureInfo.InvariantCulture, $"not within {withinSeconds} s: {what}; {Describe()}"));
            await StepAsync();
        }

        return (Now - start) / 1000.0;
    }

    /// <summary>Runs until the newest row of every symbol has no errors and is written.</summary>
    public async Task UntilHealthyAsync()
    {
        await UntilAsync(
            () => Node.Status().Symbols.All(
                static symbol => symbol.Health == SymbolHealth.Inactive || symbol.LastRow is { SourceErrors: "" }),
            60,
            "all healthy");
        await RunAsync(1.5);
    }

    /// <summary>
    /// Fails with the rows in question when one from a place on has an error; of one symbol, or of all but one.
    /// </summary>
    public void AssertNoErrors(int from, Func<CsvRow, bool> which)
    {
        CsvRow[] bad = [.. Rows.Skip(from).Where(row => which(row) && row.Errors.Length > 0)];
        Assert.True(
            bad.Length == 0,
            string.Join(
                '\n', bad.Take(5).Select(
                    static row => $"{row.Timestamp} {row.Symbol} {string.Join(';', row.Errors)}")));
    }

    /// <summary>What a symbol applied, in order.</summary>
    public IReadOnlyList<AppliedEvent> Applied(string symbol)
    {
        lock (_applied)
        {
            return _applied.TryGetValue(symbol, out List<AppliedEvent>? events) ? [.. events] : [];
        }
    }

    /// <summary>Brings what was journaled to the disk, for readers of the files.</summary>
    public void FlushJournal() => Assert.True(
        Node.Parts.Journal.FlushAsync(CancellationToken.None).AsTask().IsCompletedSuccessfully,
        "segments are flushed on the caller's thread");

    public StreamGroup Group(string name) => Node.Parts.Streams.Groups.All.Single(group => group.Name == name);

    /// <summary>Stops the node; the venue goes on.</summary>
    public async Task StopNodeAsync()
    {
        if (_nodeStopped)
        {
            return;
        }

        _nodeStopped = true;

        // Deadlines inside the node follow the hand-moved clock; something has to move it while the node stops.
        Task stopping = Node.DisposeAsync().AsTask();
        while (!stopping.IsCompleted)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(20));
            await Task.WhenAny(stopping, Task.Delay(5));
        }

        await stopping;
    }

    /// <summary>Stops node and venue, in this order; the files stay until the fixture goes.</summary>
    public async Task StopAsync()
    {
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        await StopNodeAsync();
        await Venue.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StepAsync()
    {
        Clock.Advance(Step);
        await SettleAsync(null);
    }

    /// <summary>
    /// Moves the clock on by 100 ms so that no tick falls together with what the venue sends: the node has taken in all
    /// that was sent before a tick, and has told the tick, before anything is sent after it. Wants a clock that began 3
    /// ms after a tick.
    /// </summary>
    public async Task StepAroundTickAsync(params string[] symbols)
    {
        TimeSpan patience = TimeSpan.FromSeconds(5);
        Clock.Advance(TimeSpan.FromMilliseconds(94));
        await SettleAsync(patience);
        Clock.Advance(TimeSpan.FromMilliseconds(3));
        if (Now % (long)_options.Interval.TotalMilliseconds == 0)
        {
            long started = TimeProvider.System.GetTimestamp();
            while (!symbols.All(
                symbol => Node.Parts.Symbols.Find(Symbol.Parse(symbol))!.Gauges.LastRow?.TickTime == Now))
            {
                Assert.True(TimeProvider.System.GetElapsedTime(started) < RealDeadline, "a tick is not told");
                await Task.Delay(1);
            }
        }

        await SettleAsync(patience);
        Clock.Advance(TimeSpan.FromMilliseconds(3));
        await SettleAsync(patience);
    }

    private async Task SettleAsync(TimeSpan? patience)
    {
        await Venue.FlushAsync().WaitAsync(RealDeadline);
        long progress = TimeProvider.System.GetTimestamp();
        long read = Read;
        int endedBefore = Venue.EndedConnections;
        while (Settled() is not (true, true))
        {
            int ended = Venue.EndedConnections;
            if (Read != read || ended != endedBefore)
            {
                read = Read;
                endedBefore = ended;
                progress = TimeProvider.System.GetTimestamp();
            }

            bool onlyConnects = Settled() is (true, false);
            TimeSpan enough = !onlyConnects ? patience ?? (ended == _ended ? WholePatience : LostPatience)
                : Venue.HasStuckConnections ? StuckPatience
                : HandshakePatience;
            if (TimeProvider.System.GetElapsedTime(progress) > enough)
            {
                break;
            }

            await Task.Delay(1);
        }

        // What is read after all was only late, and does not count as lost for good; what is read may be written down
        // as sent later.
        _ended = endedBefore;
        _lost = Math.Max(0, Venue.Ledger.SentCount - Read);
    }

    private long Read => Node.Parts.Streams.Groups.All.Sum(static group => group.Read);

    // Handshakes and requests take real time; the clock does not run away from them.
    private (bool Data, bool Connections) Settled() => (
        Read + _lost >= Venue.Ledger.SentCount && Node.Parts.Rest.Planner.UnderWay <= Venue.SlowAnswers
            && Waiting(Node.Actors.Tree()) == 0,
        Node.Parts.Streams.UnderWay == 0);

    private static long Waiting(ActorNode node) =>
        (node.State == ActorState.Running ? node.Mailbox.Total : 0) + node.Children.Sum(Waiting);

    private string Describe() => string.Join(
        "; ",
        Node.Status().Reasons.Concat(
            Node.Status().Streams.Select(static stream => $"{stream.Name} {stream.Connected} {stream.LastError}")));

    private void Note(Symbol symbol, MarketEvent e)
    {
        lock (_applied)
        {
            if (!_applied.TryGetValue(symbol.Text, out List<AppliedEvent>? events))
            {
                _applied[symbol.Text] = events = [];
            }

            events.Add(AppliedEvent.Of(e));
        }
    }

    private string[] ReadLines()
    {
        using FileStream file = new(
            _options.CsvPath!, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using StreamReader reader = new(file);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
