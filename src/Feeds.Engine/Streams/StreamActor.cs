using Feeds.Actors;
using Feeds.Binance.Streams;
using Feeds.Core.Market;
using Feeds.Engine.Polling;
using Feeds.Engine.Symbols;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine.Streams;

/// <summary>
/// One stream connection. Connecting, subscribing and receiving run beside the actor's messages; when they end, for
/// whatever reason, the actor fails and supervision opens a new connection with back-off. Before the exchange cuts it
/// for its age it is replaced without a break. Streams are judged one by one: a muted one is asked for again, symbols
/// are told when their feeds come and go.
/// </summary>
internal sealed partial class StreamActor : Actor<StreamMessage>
{
    private static readonly TimeSpan CheckPeriod = TimeSpan.FromSeconds(1);

    // A stream that is still muted after so many requests may be the connection's fault.
    private const int AttemptsBeforeRollover = 3;

    private readonly StreamGroup _group;
    private readonly SymbolSet _symbols;
    private readonly Universe _universe;
    private readonly Func<StreamRouter> _router;
    private readonly StreamOpener _opener;
    private readonly ClockGauge _clock;
    private readonly TimeSpan _maxAge;
    private readonly ILogger _logger;
    private readonly List<StreamLink> _links = [];
    private StreamLink? _current;
    private StreamMark _lost = StreamMark.None;
    private string _reason = "stopped";

    public StreamActor(
        StreamGroup group,
        SymbolSet symbols,
        Universe universe,
        Func<StreamRouter> router,
        StreamOpener opener,
        ClockGauge clock,
        TimeSpan maxAge,
        ILogger logger)
    {
        _group = group;
        _symbols = symbols;
        _universe = universe;
        _router = router;
        _opener = opener;
        _clock = clock;
        _maxAge = maxAge;
        _logger = logger;
    }

    protected override ValueTask PreStart(CancellationToken stopping)
    {
        _lost = Mark();
        _current = Open(holds: false);
        Context.ScheduleRepeatedly(CheckPeriod, CheckPeriod, new StreamMessage.Check());
        return default;
    }

    protected override async ValueTask Receive(StreamMessage message, CancellationToken stopping)
    {
        switch (message)
        {
            case StreamMessage.Opened opened when opened.Link == _current:
                await OpenedAsync(opened.Link, stopping);
                break;
            case StreamMessage.Opened opened when opened.Link == _next:
                await ReplacementOpenedAsync(opened.Link, stopping);
                break;
            case StreamMessage.Lost lost when lost.Link == _current:
                await LostAsync(lost.Failure, stopping);
                break;
            case StreamMessage.Lost lost when lost.Link == _next:
                await GiveUpRolloverAsync(lost.Failure.Message);
                break;
            case StreamMessage.Check:
                await CheckAsync(stopping);
                break;
            case StreamMessage.Compare:
                await CompareAsync(stopping);
                break;
            case StreamMessage.RollOver:
                BeginRollover();
                break;
            case StreamMessage.AskedAgain asked when asked.Link == _current:
                AskedAgain(asked.Streams);
                await SettleAsync(stopping);
                break;
            case StreamMessage.Changed:
                await SettleAsync(stopping);
                break;
            case StreamMessage.Settled settled:
                await SettledAsync(settled, stopping);
                break;
            default:
                break;
        }
    }

    protected override async ValueTask PostStop()
    {
        _group.Closed(_reason);
        _group.Muted = 0;
        if (!_opener.IsClosing)
        {
            // What ends with the node is no news to a symbol: when it comes back it knows how long it was away.
            await TellSymbolsAsync(
                _group.Streams,
                (entry, feed, _) => entry.DisconnectedAsync(feed, _reason, Now(), CancellationToken.None));
        }

        _links.ForEach(static link => link.Dispose());
    }

    private StreamLink Open(bool holds)
    {
        StreamLink link = new(_group, _router(), _opener, holds);
        _links.Add(link);
        ActorRef<StreamMessage> self = Context.Self;
        Context.PipeToSelf(
            cancellation => link.RunAsync(
                async opened => await self.TellAsync(new StreamMessage.Opened(link), opened), cancellation),
            () => new StreamMessage.Lost(link, new StreamLostException(_group.Name, "closed")),
            failure => new StreamMessage.Lost(link, failure));
        return link;
    }

    private async ValueTask OpenedAsync(StreamLink link, CancellationToken stopping)
    {
        long now = Now();
        link.OpenedTime = now;
        _group.Opened(now);
        _group.Judge.Opened(now);
        Log.StreamOpen(_logger, _group.Name, _group.Endpoint.Path, _group.Streams.Count);
        if (_lost.CertainTime > 0)
        {
            await TellGapsAsync(_group.Streams.Where(IsDown), _lost, "disconnected", stopping);
        }

        _group.DeclaredTime = ExchangeTime(now);
        _group.CertainTime = _group.DeclaredTime;
        await SettleAsync(stopping);
    }

    // A stream that was added while the connection was down was never received: nothing of it is missing.
    private bool IsDown(StreamName stream) =>
        stream.Symbol is null || (_symbols.Find(stream.Symbol) is { } entry && _lost.Times.GetValueOrDefault(stream) > 0
            && StreamFeeds.Of(stream.Kind) is { } feed && !entry.Gauges.IsConnected(feed));

    private async ValueTask LostAsync(Exception failure, CancellationToken stopping)
    {
        if (_next is { OpenedTime: > 0 } next && failure is not StreamLostException { Reason: "silent" })
        {
            // The replacement was there before this one went: nothing is lost, unless the old one took with it what it
            // had not brought yet.
            bool isWhole = Rollover.IsConfirmed(_group.Judge.Watches, _before, _current!.Newest, next.First);
            StreamMark lost = Mark();
            await TakeOverAsync(next, stopping);
            if (!isWhole)
            {
                await TellGapsAsync(_group.Streams, lost, "disconnected", stopping);
            }

            return;
        }

        throw Failure(failure);
    }

    private async ValueTask CheckAsync(CancellationToken stopping)
    {
        if (!_group.IsOpen || _current is not { OpenedTime: > 0 } current)
        {
            return;
        }

        long now = Now();
        _pace.Add(now, _group.Frames);
        if (current.IsBusy)
        {
            _group.Judge.Excuse(now);
            return;
        }

        SilenceFindings found = _group.Judge.Look(
            now, (kind, index) => _group.Pulses[kind, index], stream => stream.Symbol is null
                || _universe.IsTrading(stream.Symbol));
        if (found.IsDead)
        {
            throw Failure(new StreamLostException(_group.Name, "silent"));
        }

        await ActOnAsync(found, now, stopping);
        if (_group.IsShuttingDown || now - current.OpenedTime >= _maxAge.TotalMilliseconds)
        {
            BeginRollover();
        }
    }

    private async ValueTask ActOnAsync(SilenceFindings found, long now, CancellationToken stopping)
    {
        if (ReferenceEquals(found, SilenceFindings.None))
        {
            return;
        }

        foreach (StreamWatch watch in found.Muted)
        {
            watch.MutedEventTime = _group.EventTimes[watch.Name.Kind, watch.SymbolIndex];
            Log.StreamMuted(_logger, watch.Name.Text, watch.MutedLimitMs / 1000.0);
            await TellSymbolsAsync(
                [watch.Name], (entry, feed, _) => entry.DisconnectedAsync(feed, "muted", now, stopping));
        }

        foreach (StreamWatch watch in found.Back)
        {
            Log.StreamBack(_logger, watch.Name.Text);
            await TellSymbolsAsync([watch.Name], async (entry, feed, stream) =>
            {
                long heard = _group.Pulses[stream.Kind, watch.SymbolIndex];
                if (StreamFeeds.IsLostForGood(feed) && watch.MutedEventTime > 0)
                {
                    // While it was given up nothing was sent, whatever came late of what had been.
                    long end = ExchangeTime(Math.Max(heard, watch.AnsweredTime));
                    Gap gap = new(feed, 0, 0, watch.MutedEventTime, end, "muted");
                    await entry.TellAsync(MarketEvent.ForGap(gap, now), stopping);
                }

                await entry.ConnectedAsync(feed, now, stopping);
            });
        }

        _group.Muted = _group.Judge.Watches.Count(static watch => watch.IsMuted);
        if (found.Due.Count > 0 && _current is { } current)
        {
            StreamName[] again = [.. found.Due.Select(static watch => watch.Name)];
            foreach (StreamWatch watch in found.Due)
            {
                watch.IsBeingAskedFor = true;
            }

            Context.PipeToSelf(
                async cancellation =>
                {
                    await current.ChangeAsync([], again, cancellation);
                    await current.ChangeAsync(again, [], cancellation);
                },
                () => new StreamMessage.AskedAgain(current, found.Due),
                failure => new StreamMessage.Lost(current, failure));
            if (found.Due.Any(static watch => watch.Attempts == AttemptsBeforeRollover))
            {
                BeginRollover();
            }
        }
    }

    private void AskedAgain(IEnumerable<StreamWatch> streams)
    {
        foreach (StreamWatch watch in streams)
        {
            watch.IsBeingAskedFor = false;
            watch.AnsweredTime = Now();
        }
    }

    private void Watch(StreamName stream, long now)
    {
        if (stream.Symbol is not null)
        {
            _group.Judge.Add(stream, IndexOf(stream), now);
        }
    }

    private int IndexOf(StreamName stream) => stream.Symbol is null ? -1 : _symbols.Table.IndexOf(stream.Symbol);

    // Taken before anything of a new connection is heard: data may come before its streams are acknowledged.
    private StreamMark Mark() => new(
        _group.CertainTime,
        _group.Streams.ToDictionary(static stream => stream, TimeOf));

    private long TimeOf(StreamName stream)
    {
        long newest = _group.EventTimes[stream.Kind, IndexOf(stream)];
        return newest == 0 ? 0 : Math.Max(newest, _group.DeclaredTime);
    }

    private ValueTask TellGapsAsync(
        IEnumerable<StreamName> streams, StreamMark lost, string reason, CancellationToken stopping)
    {
        long now = Now();
        return TellSymbolsAsync(streams, async (entry, feed, stream) =>
        {
            if (StreamFeeds.IsLostForGood(feed))
            {
                long from = lost.Times.GetValueOrDefault(stream);
                Gap gap = new(feed, 0, 0, from > 0 ? from : lost.CertainTime, ExchangeTime(now), reason);
                await entry.TellAsync(MarketEvent.ForGap(gap, now), stopping);
            }
        });
    }

    // What is missing is told by the exchange's clock, as events are.
    private long ExchangeTime(long time) => double.IsNaN(_clock.OffsetMs) ? time : time + (long)_clock.OffsetMs;

    private async ValueTask TellSymbolsAsync(
        IEnumerable<StreamName> streams, Func<SymbolEntry, Feed, StreamName, ValueTask> tell)
    {
        foreach (StreamName stream in streams)
        {
            if (StreamFeeds.Of(stream.Kind) is not { } feed)
            {
                continue;
            }

            IEnumerable<SymbolEntry> concerned = stream.Symbol is null ? _symbols.Entries
                : _symbols.Find(stream.Symbol) is { } entry ? [entry]
                : [];
            foreach (SymbolEntry each in concerned)
            {
                await tell(each, feed, stream);
            }
        }
    }

    private StreamLostException Failure(Exception failure)
    {
        StreamLostException lost = failure as StreamLostException
            ?? new StreamLostException(_group.Name, ReasonOf(failure), failure);
        _reason = lost.Reason;
        return lost;
    }

    private static string ReasonOf(Exception failure) => failure switch
    {
        StreamException { Failure: StreamFailure.Blocked } => "blocked",
        StreamException { Failure: StreamFailure.TimedOut } => "timeout",
        StreamException { Failure: StreamFailure.RateLimited } => "rate_limited",
        StreamException { Failure: StreamFailure.HandshakeRefused } => "refused",
        StreamException { Failure: StreamFailure.Protocol or StreamFailure.FrameTooLarge } => "protocol",
        StreamRequestException => "refused",
        _ => "disconnected",
    };

    private long Now() => Context.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
}
