using Feeds.Simulator.Faults;

namespace Feeds.Simulator.Ledgers;

/// <summary>One message of a stream, generated or sent.</summary>
/// <param name="Stream">The stream's name.</param>
/// <param name="Connection">Number of the connection that it went out on; 0 for a generated message.</param>
/// <param name="Id">
/// Natural id: <c>a</c> of a trade, <c>u</c> of a book or best price, open time of a bar, <c>T</c> of a liquidation,
/// <c>E</c> else.
/// </param>
/// <param name="EventTime"><c>E</c>, epoch ms.</param>
/// <param name="IsFinal">False for a push of a bar that was still forming, or a final push that the venue left
/// out.</param>
/// <param name="Fault">What a fault did to it; <see cref="FaultKind.Duplicate"/> marks the copy, not the
/// original.</param>
public readonly record struct LedgerMessage(
    string Stream, int Connection, long Id, long EventTime, bool IsFinal, FaultKind Fault);
