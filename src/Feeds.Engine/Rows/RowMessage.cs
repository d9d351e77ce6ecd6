using Feeds.Core.Symbols;

namespace Feeds.Engine.Rows;

/// <summary>What the row sink's actor takes.</summary>
/// <param name="TickTime">The tick it is about, epoch ms; 0 for a request to write what waits.</param>
/// <param name="Rows">What it emitted; null when the symbol skipped the tick.</param>
internal readonly record struct RowMessage(long TickTime, TickRows? Rows)
{
    public static RowMessage Release => default;
}
