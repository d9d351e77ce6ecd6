using System.Diagnostics;
using Feeds.Core.Books;
using Feeds.Core.Market;

namespace Feeds.Binance.Wire;

/// <summary>
/// What one frame said. When it holds book levels (an event of kind Book or Quote, or a delta), whoever takes the
/// message owns the buffer and returns it to the decoder's pool in the end.
/// </summary>
public struct DecodedMessage
{
    internal MarketEvent EventValue;
    internal object? Detail;
    internal long First;
    internal long Second;

    /// <summary>What the frame turned out to be.</summary>
    public DecodedKind Kind { get; internal set; }

    /// <summary>Which kind of stream it came over; Unknown for answers and for what was not understood.</summary>
    public StreamKind Stream { get; internal set; }

    /// <summary>Ignored: why.</summary>
    public IgnoreReason Ignored { get; internal set; }

    /// <summary>Malformed: how.</summary>
    public MalformedReason Malformed { get; internal set; }

    /// <summary>
    /// Event, FormingBar, BookDelta: the symbol's index in the <see cref="SymbolTable"/>; it stays the same when other
    /// symbols come and go. −1 for all others.
    /// </summary>
    public int SymbolIndex { get; internal set; }

    /// <summary>Event, FormingBar, BookDelta, Contract: whose message it is; else null.</summary>
    public Symbol? Symbol { get; internal set; }

    /// <summary>Event: the event.</summary>
    public readonly MarketEvent Event
    {
        get
        {
            Debug.Assert(Kind == DecodedKind.Event, "the message holds no event");
            return EventValue;
        }
    }

    /// <summary>BookDelta: the change of the book.</summary>
    public readonly BookDelta Delta
    {
        get
        {
            Debug.Assert(Kind == DecodedKind.BookDelta, "the message holds no delta");
            return new(
                EventValue.EventTime, EventValue.ReceiveTime, First, EventValue.LastUpdateId, Second,
                EventValue.Levels);
        }
    }

    /// <summary>Contract: the contract as listed or changed.</summary>
    public readonly Contract Contract => (Contract)Detail!;

    /// <summary>Acknowledgement, RequestError: the id of the request; −1 when the answer has none.</summary>
    public readonly long RequestId => First;

    /// <summary>RequestError: the exchange's code.</summary>
    public readonly int ErrorCode => (int)Second;

    /// <summary>RequestError: the exchange's text.</summary>
    public readonly string ErrorText => Detail as string ?? string.Empty;

    /// <summary>The name of the field that is missing or broken; null when there is none to name.</summary>
    public readonly string? Field => Kind == DecodedKind.Malformed ? Detail as string : null;

    /// <summary>The pooled buffer the message holds; null when it holds none.</summary>
    public readonly BookLevels? Levels =>
        (Kind == DecodedKind.Event && EventValue.Kind is EventKind.Book or EventKind.Quote)
            || Kind == DecodedKind.BookDelta
            ? EventValue.Levels
            : null;
}
