using Feeds.Actors.Tree;
using Feeds.Core;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Dashboard;
using Feeds.Engine.Health;
using Feeds.Http;
using Feeds.Storage.Leases;

namespace Feeds.Tests.Program.Http;

/// <summary>A node that says what it was told to, and remembers what was done to it.</summary>
internal sealed class FakeNode : INodeSurface
{
    public List<string> Done { get; } = [];

    public NodeStatus Now { get; set; } = StatusOf([Symbol.Parse("BTCUSDT"), Symbol.Parse("币安人生USDT")]);

    public string? FailInside { get; set; }

    public static NodeStatus StatusOf(IReadOnlyList<Symbol> symbols, params string[] reasons) => new(
        Time: 1_795_246_765_000,
        StartTime: 1_795_246_700_000,
        Interval: TimeSpan.FromSeconds(30),
        LastTickTime: 1_795_246_760_000,
        RowsWritten: 22,
        Reasons: reasons,
        Symbols: [.. symbols.Select(Of)],
        Streams: [new StreamStatus("market-1", "/market/stream", true, 35, 1000, 12, 1, "closed")],
        Rest: new RestStatus(53, 2400, 120, 2, null, false, -3.5));

    /// <summary>
    /// Three members: one alive with BTCUSDT, one that drains and owns nothing, one that is dead with ETHUSDT; SOLUSDT
    /// is free.
    /// </summary>
    public static ClusterStatus ClusterOf(string nodeId) => new(
        nodeId,
        new ClusterView(
            1_795_246_765_000,
            [
                new Member(
                    nodeId, "http://a:8080", 1_795_246_700_000, 1_795_246_775_000, IsDraining: false, IsAlive: true),
                new Member(
                    "b@2", "http://b:8080", 1_795_246_700_000, 1_795_246_775_000, IsDraining: true, IsAlive: true),
                new Member(
                    "c@1", "http://c:8080", 1_795_246_700_000, 1_795_246_755_000, IsDraining: false, IsAlive: false),
            ],
            [
                new SymbolLease(Symbol.Parse("BTCUSDT"), nodeId, 4), new SymbolLease(Symbol.Parse("ETHUSDT"), "c@1", 2),
                new SymbolLease(Symbol.Parse("SOLUSDT"), null, 9),
            ]),
        MayRelease: true, Trouble: null, Taken: 3, HandedOver: 2, Lost: 1, FencedWrites: 5, DiscardedRows: 6);

    public NodeStatus Status() => FailInside is null ? Now : throw new InvalidOperationException(FailInside);

    public IReadOnlyList<ProblemDocument> Problems() =>
        [new(DateTimeOffset.UnixEpoch, "WARNING", "<script>document.title = 'taken over'</script>")];

    /// <summary>
    /// Which actors it has: those of the tree that lie here too, and what can be restarted and stopped.
    /// </summary>
    public Func<string, bool> Actors { get; set; } = static path => path is "symbols" or "symbols/币安人生USDT";

    public ActorNode Tree() => Without(new()
    {
        Path = "",
        Name = "feeds",
        Kind = "system",
        State = ActorState.Running,
        Children =
        [
            new ActorNode
            {
                Path = "symbols",
                Name = "symbols",
                Kind = "SymbolsActor",
                State = ActorState.Running,
                Children =
                [
                    new ActorNode
                    {
                        Path = "symbols/币安人生USDT",
                        Name = "币安人生USDT",
                        Kind = "SymbolActor",
                        State = ActorState.Parked,
                        Restarts = 5,
                        LastFailure = new ActorFailure(
                            "BoomException", "[red]boom[/]\u001b[2J\nfeeds: all is well", DateTimeOffset.UnixEpoch),
                    },
                ],
            },
        ],
    });

    // A tree whose symbols are only those that it has.
    private ActorNode Without(ActorNode tree) => tree with
    {
        Children = [.. tree.Children.Select(
            parent => parent with { Children = [.. parent.Children.Where(child => Actors(child.Path))] })],
    };

    /// <summary>What the actors of some paths show; null for the made-up one.</summary>
    public Func<string, object?> Inspections { get; set; } = static _ => null;

    public Task<object?> InspectAsync(string path, CancellationToken cancellationToken) =>
        Task.FromResult<object?>(
            Inspections(path)
                ?? new
                {
                    LastPrice = double.NaN,
                    Symbol = Symbol.Parse("BTCUSDT"),
                    Windows = new[] { 1.5, double.PositiveInfinity }
                });

    public bool Restart(string path) => Note($"restart {path}", Actors(path));

    public bool Stop(string path) => Note($"stop {path}", Actors(path));

    public Task<bool> AddSymbolAsync(Symbol symbol, CancellationToken cancellationToken) => symbol.Text == "GONEUSDT"
        ? throw new FeedsException("GONEUSDT is not listed by the exchange")
        : Task.FromResult(Note($"add {symbol}", symbol.Text != "BTCUSDT"));

    public Task<bool> LeaveAsync(string node, CancellationToken cancellationToken) =>
        Task.FromResult(Note($"leave {node}", node == "b"));

    public Task<bool> RemoveSymbolAsync(Symbol symbol, CancellationToken cancellationToken) =>
        Task.FromResult(Note($"remove {symbol}", symbol.Text == "BTCUSDT"));

    private static SymbolStatus Of(Symbol symbol) => new(
        symbol,
        SymbolHealth.Ok,
        new FeedRow(
            1_795_246_760_000, symbol, 80_000, 0.1, 0.0001, -0.0002, 0, 1500, 1, 0.5, double.NaN,
            "depth:stale;oi:http_429"),
        [new FeedStatus(Feed.Depth, FeedState.Stale, true, 6000, 3),
            new FeedStatus(Feed.Quotes, FeedState.Off, false, null, 0)],
        1000, 1, 2, 3, 4);

    private bool Note(string what, bool known)
    {
        if (known) Done.Add(what);
        return known;
    }
}
