using System.Diagnostics;
using System.Text;
using Feeds.Actors;
using Feeds.Actors.Tree;
using Feeds.Binance.Wire;
using Feeds.Core.Market;
using Feeds.Engine.Books;
using Feeds.Engine.Context;
using Feeds.Engine.Symbols;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine.Streams;

/// <summary>
/// From a frame to the mailbox of the symbol it is about: decodes, finds the actor, hands over. One per connection,
/// used by its receive loop alone.
/// </summary>
internal sealed class StreamRouter(
    MessageDecoder decoder,
    SymbolSet symbols,
    StreamGroup group,
    ContextFeed context,
    CertifiedBooks books,
    Func<Contract, CancellationToken, ValueTask> contractChanged,
    TimeProvider time,
    ILogger logger) : IDisposable
{
    private const int SampleBytes = 200;

    // The position of a stream that has none: a minute that is lost is fetched, so all that matters is that it speaks.
    private const long Heard = 1;

    // How often a full mailbox is looked at: one whose actor stands still gets no room.
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(100);

    // Ends the waiting for room in one mailbox; made again after it was used.
    private CancellationTokenSource? _waiting;
    private Func<SymbolEntry, MarketEvent, CancellationToken, ValueTask>? _tell;
    private readonly long[] _refused = new long[Enum.GetValues<MalformedReason>().Length];

    /// <summary>The first position of each stream that came this way: an id that rises; 0 before it spoke.</summary>
    public StreamPulses First { get; } = new();

    /// <summary>The newest position of each stream that came this way.</summary>
    public StreamPulses Newest { get; } = new();

    /// <summary>Routes one frame; waits while the symbol's mailbox is full.</summary>
    public ValueTask RouteAsync(ReadOnlySpan<byte> frame, long receiveTime, CancellationToken cancellationToken)
    {
        DecodedMessage message = Decode(frame, receiveTime);
        switch (message.Kind)
        {
            case DecodedKind.Event:
                Note(message);
                group.Pulses[message.Stream, message.SymbolIndex] = receiveTime;
                NoteTime(message, message.Event.EventTime);
                return message.Event.Kind == EventKind.Bar
                    ? BarAsync(message.Event, message.SymbolIndex, cancellationToken)
                    : HandOver(message, cancellationToken);
            case DecodedKind.FormingBar:
                Note(message);
                group.Pulses[message.Stream, message.SymbolIndex] = receiveTime;
                return default;
            case DecodedKind.BookDelta:
                Note(message);
                group.Pulses[message.Stream, message.SymbolIndex] = receiveTime;
                NoteTime(message, message.Delta.EventTime);
                return ApplyAsync(message, cancellationToken);
            case DecodedKind.Contract:
                return contractChanged(message.Contract, cancellationToken);
            case DecodedKind.Malformed:
                Refuse(message, frame);
                return default;
            case DecodedKind.RequestError:
                throw new StreamRefusedException(group.Name, message.ErrorCode, message.ErrorText);
            case DecodedKind.Shutdown:
                // It closes soon: there is time to open another connection first.
                group.IsShuttingDown = true;
                return default;
            default:
                return default;
        }
    }

    private DecodedMessage Decode(ReadOnlySpan<byte> frame, long receiveTime)
    {
        decoder.Symbols = symbols.Table;
        long start = StreamTotals.IsSample(group.Frames) ? Stopwatch.GetTimestamp() : 0;
        decoder.Decode(frame, receiveTime, out DecodedMessage message);
        if (start != 0)
        {
            group.Totals.Decoded(Stopwatch.GetTimestamp() - start);
        }

        return message;
    }

    /// <summary>Notes how far a frame's stream is, without handing anything over.</summary>
    public void Peek(ReadOnlySpan<byte> frame, long receiveTime)
    {
        decoder.Symbols = symbols.Table;
        decoder.Decode(frame, receiveTime, out DecodedMessage message);
        if (message.Kind is DecodedKind.Event or DecodedKind.BookDelta or DecodedKind.FormingBar)
        {
            Note(message);
        }

        decoder.Return(message);
    }

    public void Dispose() => _waiting?.Dispose();

    private void NoteTime(in DecodedMessage message, long eventTime)
    {
        group.CertainTime = eventTime;
        if (eventTime > group.EventTimes[message.Stream, message.SymbolIndex])
        {
            group.EventTimes[message.Stream, message.SymbolIndex] = eventTime;
        }
    }

    private void Note(in DecodedMessage message)
    {
        long position = PositionOf(message);
        if (position > 0)
        {
            if (First[message.Stream, message.SymbolIndex] == 0)
            {
                First[message.Stream, message.SymbolIndex] = position;
            }

            Newest[message.Stream, message.SymbolIndex] = position;
        }
    }

    private static long PositionOf(in DecodedMessage message) => message.Kind switch
    {
        DecodedKind.BookDelta => message.Delta.LastUpdateId,
        DecodedKind.FormingBar => Heard,
        _ => message.Event.Kind switch
        {
            EventKind.Bar => Heard,
            EventKind.Book or EventKind.Quote => message.Event.LastUpdateId,
            EventKind.Trade => message.Event.TradeId,
            EventKind.Mark => message.Event.EventTime,
            _ => 0,
        },
    };

    // The closed minute of one symbol is context for others, watched or not.
    private async ValueTask BarAsync(MarketEvent e, int index, CancellationToken cancellationToken)
    {
        if (decoder.Symbols[index] is { } symbol && context.Bars.Keeps(symbol))
        {
            await TellAsync(
                context.Actor, new ContextMessage(symbol, e.Bar, e.ReceiveTime), waits: true, cancellationToken);
        }

        if (symbols.At(index) is { } entry)
        {
            await TellAsync(entry, e, cancellationToken);
        }
    }

    private ValueTask HandOver(in DecodedMessage message, CancellationToken cancellationToken)
    {
        if (symbols.At(message.SymbolIndex) is not { } entry)
        {
            decoder.Return(message);
            return default;
        }

        return TellAsync(entry, message.Event, cancellationToken);
    }

    private async ValueTask ApplyAsync(DecodedMessage message, CancellationToken cancellationToken)
    {
        try
        {
            if (symbols.At(message.SymbolIndex) is { } entry)
            {
                await books.ApplyAsync(
                    entry, message.SymbolIndex, message.Delta, _tell ??= TellAsync, cancellationToken);
            }
        }
        finally
        {
            decoder.Return(message);
        }
    }

    // A book never waits.
    private ValueTask TellAsync(SymbolEntry entry, MarketEvent e, CancellationToken cancellationToken) =>
        TellAsync(entry.Actor, new SymbolMessage(e), waits: e.Kind != EventKind.Book, cancellationToken);

    private ValueTask TellAsync<T>(ActorRef<T> actor, T told, bool waits, CancellationToken cancellationToken)
    {
        if (!waits || actor.State != ActorState.Running)
        {
            // A symbol that is being restarted must not hold up those it shares the connection with: what finds its
            // mailbox full is counted as undelivered, and trades then miss numbers.
            actor.Tell(told);
            return default;
        }

        _waiting ??= new CancellationTokenSource();
        ValueTask<bool> taken = actor.TellAsync(told, _waiting.Token);
        return taken.IsCompletedSuccessfully
            ? default : AwaitRoomAsync(actor, taken.AsTask(), _waiting, cancellationToken);
    }

    // A full mailbox makes the connection wait while its actor works. One that fails meanwhile makes no room until it
    // is back, and the others do not wait for it: the message becomes a dead letter, as those that come after it do.
    private async ValueTask AwaitRoomAsync<T>(
        ActorRef<T> actor, Task<bool> taken, CancellationTokenSource waiting, CancellationToken cancellationToken)
    {
        while (await Task.WhenAny(taken, Task.Delay(LookPeriod, time, cancellationToken)) != taken)
        {
            if (cancellationToken.IsCancellationRequested || actor.State != ActorState.Running)
            {
                _waiting = null;
                await waiting.CancelAsync();
                break;
            }
        }

        try
        {
            await taken;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Counted as undelivered by the mailbox; trades show it by their numbers.
        }
        finally
        {
            if (waiting.IsCancellationRequested)
            {
                waiting.Dispose();
            }
        }
    }

    private void Refuse(in DecodedMessage message, ReadOnlySpan<byte> frame)
    {
        long count = ++_refused[(int)message.Malformed];
        group.Totals.Refused(message.Malformed);
        if (message.Symbol is { } symbol && symbols.Find(symbol) is { } entry
            && StreamFeeds.Of(message.Stream) is { } feed)
        {
            entry.Gauges.AddError(feed);
        }

        // The first of its kind, then one in a thousand.
        if (count % 1000 == 1)
        {
            string reason = message.Field is { } field ? $"{message.Malformed} {field}" : message.Malformed.ToString();
            Log.MessageRefused(
                logger, group.Name, reason, count,
                Encoding.UTF8.GetString(frame[..Math.Min(frame.Length, SampleBytes)]));
        }
    }
}
