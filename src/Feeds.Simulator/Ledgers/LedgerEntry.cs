namespace Feeds.Simulator.Ledgers;

/// <summary>One message that the venue generated: what a reader must find or find declared missing.</summary>
/// <param name="Id">The natural id, as in <see cref="LedgerMessage.Id"/>.</param>
/// <param name="EventTime"><c>E</c>, epoch ms.</param>
/// <param name="Copies">How many times it was sent, on all connections; 0 when nobody was told.</param>
public readonly record struct LedgerEntry(long Id, long EventTime, int Copies);
