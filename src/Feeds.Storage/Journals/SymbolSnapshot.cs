using Feeds.Core.Market;

namespace Feeds.Storage.Journals;

/// <summary>The saved state of one symbol.</summary>
/// <param name="Symbol">Whose.</param>
/// <param name="Sequence">The sequence that the state stands at: the last event that was applied.</param>
/// <param name="LastTickTime">The last tick that was applied, epoch ms; 0 for none.</param>
/// <param name="LastReceiveTime">Receive time of the last event applied, epoch ms.</param>
/// <param name="State">What <see cref="Core.Symbols.SymbolState.Save"/> wrote.</param>
public sealed record SymbolSnapshot(
    Symbol Symbol, long Sequence, long LastTickTime, long LastReceiveTime, ReadOnlyMemory<byte> State);
