using Feeds.Actors;
using Feeds.Core.Symbols;

namespace Feeds.Engine.Rows;

/// <summary>What the row sink's actor takes.</summary>
/// <param name="TickTime">The tick it is about, epoch ms; 0 for a request to write what waits.</param>
/// <param name="Rows">What it emitted; null when the symbol skipped the tick.</param>
/// <param name="Written">
/// Told when everything that came before is written, or discarded; null for a row or a skip.
/// </param>
internal readonly record struct RowMessage(long TickTime, TickRows? Rows, Reply<bool>? Written = null)
{
    public static RowMessage Release => default;
}
