using Feeds.Actors;
using Feeds.Binance.Streams;
using Feeds.Core.Market;
using Feeds.Engine.Symbols;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine.Streams;

/// <summary>
/// One stream connection. Connecting, subscribing and receiving run beside the actor's messages; when they end, for whatever reason,
/// the actor fails and supervision opens a new connection with back-off. Symbols are told when their feeds come and go.
/// </summary>
internal sealed class StreamActor : Actor<StreamMessage>
{
    // Every group holds streams that speak at least once a second; a silent connection is as good as gone.
    private const long SilenceLimitMs = 15_000;

    private static readonly TimeSpan CheckPeriod = TimeSpan.FromSeconds(1);

    private readonly StreamGroup _group;
    private readonly SymbolSet _symbols;
    private readonly Func<StreamReceiver> _receiver;
    private readonly StreamOpener _opener;
    private readonly ILogger _logger;
    private StreamConnection? _connection;
    private string _reason = "stopped";

    public StreamActor(
        StreamGroup group, SymbolSet symbols, Func<StreamReceiver> receiver, StreamOpener opener, ILogger logger)
    {
        _group = group;
        _symbols = symbols;
        _receiver = receiver;
        _opener = opener;
        _logger = logger;
    }

    protected override ValueTask PreStart(CancellationToken stopping)
    {
        StreamReceiver receiver = _receiver();
        ActorRef<StreamMessage> self = Context.Self;
        Context.PipeToSelf(
            cancellation => RunAsync(receiver, self, cancellation),
            () => new StreamMessage.Lost(new StreamLostException(_group.Name, "closed")),
            failure => new StreamMessage.Lost(failure));
        Context.ScheduleRepeatedly(CheckPeriod, CheckPeriod, new StreamMessage.Check());
        return default;
    }

    protected override async ValueTask Receive(StreamMessage message, CancellationToken stopping)
    {
        switch (message)
        {
            case StreamMessage.Opened:
                _group.Opened(Now());
                Log.StreamOpen(_logger, _group.Name, _group.Endpoint.Path, _group.Streams.Count);
                await TellSymbolsAsync((entry, feed) => entry.ConnectedAsync(feed, Now(), stopping));
                break;
            case StreamMessage.Lost lost:
                throw Failure(lost.Failure);
            case StreamMessage.Check when _group.IsOpen && Now() - _group.LastFrameTime > SilenceLimitMs:
                throw Failure(new StreamLostException(_group.Name, "silent"));
            case StreamMessage.Changed changed:
                await ChangeAsync(changed, stopping);
                break;
            default:
                break;
        }
    }

    protected override async ValueTask PostStop()
    {
        _group.Closed(_reason);
        await TellSymbolsAsync((entry, feed) => entry.DisconnectedAsync(feed, _reason, Now(), CancellationToken.None));
    }

    protected override object Inspect() => new StreamInspection(
        _group.Endpoint.Address.AbsoluteUri,
        _group.IsOpen,
        [.. _group.Streams.Select(stream => stream.Text).Order(StringComparer.Ordinal)],
        _group.Frames,
        _group.LastFrameTime == 0 ? null : Now() - _group.LastFrameTime,
        _group.Connections,
        _group.LastError);

    private async Task RunAsync(StreamReceiver receiver, ActorRef<StreamMessage> self, CancellationToken cancellationToken)
    {
        await using StreamConnection connection = await _opener.OpenAsync(_group.Endpoint, cancellationToken);
        Volatile.Write(ref _connection, connection);
        Task reading = connection.RunAsync(receiver, cancellationToken);
        Task asking = connection.SubscribeAsync([.. _group.Streams], cancellationToken);
        if (await Task.WhenAny(reading, asking) == asking)
        {
            await asking;
            await self.TellAsync(new StreamMessage.Opened(), cancellationToken);
        }

        await reading;
    }

    private async ValueTask ChangeAsync(StreamMessage.Changed changed, CancellationToken cancellationToken)
    {
        // Not open yet: the connection will ask for what stands in the group when it is.
        if (!_group.IsOpen || Volatile.Read(ref _connection) is not { } connection)
        {
            return;
        }

        if (changed.Removed.Count > 0)
        {
            await connection.UnsubscribeAsync(changed.Removed, cancellationToken);
        }

        if (changed.Added.Count > 0)
        {
            await connection.SubscribeAsync(changed.Added, cancellationToken);
            await TellSymbolsAsync((entry, feed) => entry.ConnectedAsync(feed, Now(), cancellationToken));
        }
    }

    private async ValueTask TellSymbolsAsync(Func<SymbolEntry, Feed, ValueTask> tell)
    {
        foreach (StreamName stream in _group.Streams)
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
                await tell(each, feed);
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
