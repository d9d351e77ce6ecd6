using Feeds.Core.Books;

namespace Feeds.Binance.Wire;

/// <summary>
/// A change of an order book. It continues a book only when <see cref="PreviousLastUpdateId"/> equals the last update
/// id applied. Quantities are absolute, and 0 deletes the level.
/// </summary>
/// <param name="EventTime">The matching engine's time, epoch ms.</param>
/// <param name="ReceiveTime">Our clock, epoch ms.</param>
/// <param name="FirstUpdateId">First update id within (<c>U</c>).</param>
/// <param name="LastUpdateId">Last update id within (<c>u</c>).</param>
/// <param name="PreviousLastUpdateId">Last update id of the delta before (<c>pu</c>).</param>
/// <param name="Levels">The levels in the exchange's order; a pooled buffer.</param>
public readonly record struct BookDelta(
    long EventTime,
    long ReceiveTime,
    long FirstUpdateId,
    long LastUpdateId,
    long PreviousLastUpdateId,
    BookLevels Levels);
