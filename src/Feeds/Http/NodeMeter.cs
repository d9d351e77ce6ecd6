using System.Diagnostics.Metrics;
using Feeds.Actors.Tree;
using Feeds.Core.Market;
using Feeds.Engine.Health;

namespace Feeds.Http;

/// <summary>
/// Shows a node's status as instruments; label values are bounded by the symbols and feeds there are.
/// </summary>
internal sealed class NodeMeter : IDisposable
{
    private readonly Meter _meter;
    private readonly Func<NodeStatus> _status;

    /// <summary>Makes the instruments.</summary>
    /// <param name="scope">The meter's scope, by which a <see cref="MetricsCollector"/> knows it.</param>
    /// <param name="status">The status to show; asked at each reading of each instrument.</param>
    /// <param name="tree">The actors to show; asked at each reading.</param>
    public NodeMeter(object scope, Func<NodeStatus> status, Func<ActorNode> tree)
    {
        _status = status;
        _meter = new Meter(new MeterOptions("Feeds.Node") { Scope = scope });
        Gauge("feeds.ok", "1 when every required feed of every symbol is fresh, else 0.", static s => s.IsOk ? 1 : 0);
        Gauge("feeds.ready", "1 once rows were written, or while none are owed.", static s => s.IsReady ? 1 : 0);
        Gauge("feeds.uptime", "Time since the start.", static s => (s.Time - s.StartTime) / 1000.0, "s");
        Gauge("feeds.last.tick.age", "Age of the newest tick whose rows were written; NaN before the first.",
            static s => s.LastTickTime > 0 ? (s.Time - s.LastTickTime) / 1000.0 : double.NaN, "s");
        Counter("feeds.rows.written", "Rows that the sinks took.", static s => One(s.RowsWritten));
        Cluster();
        Symbols();
        Connections();
        Rest();
        Totals();
        Actors(tree);
    }

    /// <summary>Takes the instruments away.</summary>
    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<double>> One(double value) => [new(value)];

    private static Measurement<double> Of(double value, string label, string text) =>
        new(value, new KeyValuePair<string, object?>(label, text));

    private static Measurement<double> Of(double value, SymbolStatus symbol, FeedStatus feed) =>
        new(value, new KeyValuePair<string, object?>("symbol", symbol.Symbol.Text),
            new KeyValuePair<string, object?>("feed", feed.Feed.Name()));

    private void Cluster()
    {
        Gauge("feeds.lease.good", "1 while rows may be released, 0 while they wait for the lease; 1 for a node alone.",
            static s => s.Cluster is { MayRelease: false } ? 0 : 1);
        Counter("feeds.fenced.writes", "Writes that the referee refused for a stale epoch, by symbol.",
            static s => One(s.Cluster?.FencedWrites ?? 0));
        Counter("feeds.rows.discarded", "Rows that were computed and not written, as their symbols were lost before.",
            static s => One(s.Cluster?.DiscardedRows ?? 0));
    }

    private void Symbols()
    {
        Gauges("feeds.symbols", "Symbols by how they stand.", static s => Enum.GetValues<SymbolHealth>().Select(
            health => Of(
                s.Symbols.Count(symbol => symbol.Health == health), "health", health.ToString().ToUpperInvariant())));
        Counter("feeds.events.applied", "Events applied.",
            static s => s.Symbols.Select(static x => Of(x.Sequence, "symbol", x.Symbol.Text)));
        Counter("feeds.messages.duplicate", "Known messages that were dropped.",
            static s => s.Symbols.Select(static x => Of(x.Duplicates, "symbol", x.Symbol.Text)));
        Counter("feeds.books.conflated", "Books replaced by newer ones before they were read.",
            static s => s.Symbols.Select(static x => Of(x.Conflated, "symbol", x.Symbol.Text)));
        Counter("feeds.messages.rejected", "Messages refused as broken.",
            static s => s.Symbols.Select(static x => Of(x.Rejected, "symbol", x.Symbol.Text)));
        Counter("feeds.symbol.restarts", "Restarts of symbol actors.",
            static s => s.Symbols.Select(static x => Of(x.Restarts, "symbol", x.Symbol.Text)));
        Gauges("feeds.feed.ok", "1 when a feed of a symbol is fresh; feeds that are off are left out.",
            static s => Feeds(s).Where(static x => x.Feed.State != FeedState.Off).Select(
                static x => Of(x.Feed.State == FeedState.Ok ? 1 : 0, x.Symbol, x.Feed)));
        Gauges("feeds.feed.age", "Age of a feed's newest value by receive time.",
            static s => Feeds(s).Where(static x => x.Feed.LastMessageAgeMs is not null).Select(
                static x => Of(x.Feed.LastMessageAgeMs!.Value / 1000.0, x.Symbol, x.Feed)), "s");
        Counter("feeds.feed.errors", "Errors and rejected messages of a feed.",
            static s => Feeds(s).Select(static x => Of(x.Feed.ErrorCount, x.Symbol, x.Feed)));
    }

    private void Connections()
    {
        Gauges("feeds.connection.open", "1 while a stream connection is open.",
            static s => s.Streams.Select(static c => Of(c.Connected ? 1 : 0, "connection", c.Name)));
        Gauges("feeds.connection.streams", "Streams asked for on a connection.",
            static s => s.Streams.Select(static c => Of(c.Streams, "connection", c.Name)));
        Counter("feeds.connection.frames", "Frames received.",
            static s => s.Streams.Select(static c => Of(c.Frames, "connection", c.Name)));
        Counter("feeds.connection.reconnects", "Connections opened again.",
            static s => s.Streams.Select(static c => Of(c.Reconnects, "connection", c.Name)));
    }

    private void Rest()
    {
        Gauge("feeds.rest.weight.used", "Request weight used in the running UTC minute.",
            static s => s.Rest.UsedWeight);
        Gauge("feeds.rest.weight.limit", "Request weight allowed in a minute.", static s => s.Rest.WeightLimit);
        Counter("feeds.rest.requests", "REST requests sent.", static s => One(s.Rest.Requests));
        Counter("feeds.rest.failures", "REST requests without a usable answer.", static s => One(s.Rest.Failures));
        Gauge("feeds.rest.held", "1 while requests wait after a 429 or 418.", static s => s.Rest.HeldUntil is null
            ? 0 : 1);
        Gauge("feeds.rest.blocked", "1 while the exchange refuses this address.", static s => s.Rest.Blocked ? 1 : 0);
        Gauge("feeds.clock.offset", "The exchange's clock minus ours; NaN before it was measured.",
            static s => (s.Rest.ClockOffsetMs ?? double.NaN) / 1000.0, "s");
    }

    private void Totals()
    {
        Counter("feeds.messages", "Events applied, by feed.", static s => By(s.Counters.Messages, "feed"));
        Counter("feeds.gaps", "Gaps that were declared, as what is missing cannot be had again.",
            static s => By(s.Counters.Gaps, "feed"));
        Counter("feeds.rejects", "Messages refused as broken, by reason.",
            static s => By(s.Counters.Rejected, "reason"));
        Counter("feeds.malformed", "Frames that could not be decoded, by reason.",
            static s => By(s.Counters.Malformed, "reason"));
        Counter("feeds.decode.sampled", "Frames whose decoding was timed, one in 64.",
            static s => One(s.Counters.DecodeSampled));
        Counter("feeds.decode.time", "How long decoding the timed frames took.",
            static s => One(s.Counters.DecodeSeconds), "s");
        Gauge("feeds.trades.missing", "Trade ids that are known to be missing now.",
            static s => s.Counters.MissingTrades);
        Counter("feeds.journal.written", "Bytes of the journal made durable.", static s => One(s.Counters.JournalBytes),
            "By");
        Gauge("feeds.journal.pending", "Bytes of events that wait to become durable.",
            static s => s.Counters.JournalPendingBytes, "By");
        Counter("feeds.rows.not.written", "Rows that the database did not take: held already, conflict, fenced, dead.",
            static s => By(s.Counters.RowsNotWritten, "why"));
        Counter("feeds.lease.changes", "Changes of symbol leases of this node.",
            static s => By(s.Counters.LeaseChanges, "change"));
        Counter("feeds.dead.letters", "Messages that were not delivered: their actor was stopped, parked or full.",
            static s => One(s.Counters.DeadLetters));
    }

    private void Actors(Func<ActorNode> tree)
    {
        _meter.CreateObservableGauge(
            "feeds.mailbox.waiting", () => All(tree()).Select(static a => Of(a.Mailbox.Total, "actor", a.Path)), null,
            "Messages that wait in an actor's mailbox.");
        _meter.CreateObservableCounter(
            "feeds.actor.processed", () => All(tree()).Select(static a => Of(a.Processed, "actor", a.Path)), null,
            "Messages that an actor took.");
        _meter.CreateObservableCounter(
            "feeds.actor.restarts", () => All(tree()).Select(static a => Of(a.Restarts, "actor", a.Path)), null,
            "Restarts of an actor, an operator's included.");
        _meter.CreateObservableGauge(
            "feeds.actor.down", () => All(tree()).Where(static a => a.State != ActorState.Running).Select(
            static a => new Measurement<double>(
                1,
                new KeyValuePair<string, object?>("actor", a.Path),
                new KeyValuePair<string, object?>("state", a.State.ToString().ToUpperInvariant()),
                new KeyValuePair<string, object?>("failure", a.LastFailure?.Type ?? ""))),
            null, "1 for each actor that takes no messages now: its state, and the kind of its newest failure.");
    }

    private static IEnumerable<ActorNode> All(ActorNode root) => root.Children.SelectMany(All).Concat(root.Children);

    private static IEnumerable<Measurement<double>> By(IReadOnlyDictionary<string, long> counts, string label) =>
        counts.Select(each => Of(each.Value, label, each.Key));

    private static IEnumerable<(SymbolStatus Symbol, FeedStatus Feed)> Feeds(NodeStatus status) =>
        status.Symbols.SelectMany(static s => s.Feeds.Select(f => (s, f)));

    private void Gauge(string name, string help, Func<NodeStatus, double> value, string? unit = null) =>
        _meter.CreateObservableGauge(name, () => value(_status()), unit, help);

    private void Gauges(
        string name, string help, Func<NodeStatus, IEnumerable<Measurement<double>>> values, string? unit = null) =>
        _meter.CreateObservableGauge(name, () => values(_status()), unit, help);

    private void Counter(
        string name, string help, Func<NodeStatus, IEnumerable<Measurement<double>>> values, string? unit = null) =>
        _meter.CreateObservableCounter(name, () => values(_status()), unit, help);
}
