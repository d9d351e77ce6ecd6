namespace Feeds.Simulator.Server;

/// <summary>What identifies one message of a stream, for the ledger and for faults.</summary>
/// <param name="Id">Natural id: <c>a</c> of a trade, <c>u</c> of a book, open time of a bar, <c>T</c> of a liquidation,
/// <c>E</c> else.</param>
/// <param name="EventTime"><c>E</c>, epoch ms.</param>
/// <param name="IsFinal">False only for a push of a bar that is still forming.</param>
/// <param name="Symbol">Whose it is, in a stream of all symbols; empty where the stream's name says it.</param>
internal readonly record struct MessageMark(long Id, long EventTime, bool IsFinal, string Symbol = "");
