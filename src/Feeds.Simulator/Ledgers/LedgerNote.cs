namespace Feeds.Simulator.Ledgers;

/// <summary>Something else that happened at the venue: a connection opened or closed, a fault began or ended.</summary>
/// <param name="Time">When, by the venue's clock, epoch ms.</param>
/// <param name="Connection">Number of the connection; 0 for none.</param>
/// <param name="What">What, in a few words.</param>
public readonly record struct LedgerNote(long Time, int Connection, string What);
