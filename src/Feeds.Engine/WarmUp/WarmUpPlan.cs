using Feeds.Binance.Rest;
using Feeds.Core.Catalogue;

namespace Feeds.Engine.WarmUp;

/// <summary>
/// Which bars a symbol's features lack: everything for one that has none, else the hole since its newest. Longer bars
/// are fetched as the exchange has them, not as the minutes they are made of.
/// </summary>
internal static class WarmUpPlan
{
    /// <summary>
    /// The grid on which histories begin, ms: nodes that warm up within the same eight hours begin at the same bars, so
    /// their rows are the same to the bit. All lengths divide it.
    /// </summary>
    public const long GridMs = 8 * 3_600_000;

    /// <summary>Returns the stretches, one minute first; none when nothing is lacking.</summary>
    /// <param name="barEnds">
    /// The end of the newest bar of each of <see cref="HistoryNeeds.Bars"/>, epoch ms; 0 for none.
    /// </param>
    /// <param name="now">Now, epoch ms.</param>
    public static IReadOnlyList<WarmUpStretch> Of(IReadOnlyList<long> barEnds, long now)
    {
        List<WarmUpStretch> stretches = [];
        BarNeed minutes = HistoryNeeds.Bars[0];
        for (int i = 0; i < HistoryNeeds.Bars.Count; i++)
        {
            BarNeed need = HistoryNeeds.Bars[i];
            long from = Math.Max(barEnds[i], Begin(need, now));
            long to = TickGrid.AtOrBefore(now, need.LengthMs);

            // Longer bars are made of minutes, as long as these go on from where they ended.
            if (from < to && (i == 0 || barEnds[0] < Begin(minutes, now)))
            {
                stretches.Add(new WarmUpStretch(Period.All.Single(p => p.LengthMs == need.LengthMs), from, to));
            }
        }

        return stretches;
    }

    /// <summary>Returns where bars of a length begin for one that begins now, epoch ms.</summary>
    public static long Begin(BarNeed need, long now) =>
        TickGrid.AtOrBefore(now, GridMs) - ((long)need.Count * need.LengthMs);
}
