using Feeds.Binance.Streams;

namespace Feeds.Engine.Streams;

/// <summary>Whether a replacement may take over from the connection it replaces without a loss.</summary>
internal static class Rollover
{
    /// <summary>
    /// True when it is proven, stream by stream, that the old connection brought everything up to where the new one
    /// began: its newest position is not before the new one's first. A stream that has spoken on neither since then
    /// needs no proof, as both connections bring what is in order; one that speaks on the old alone is not there yet.
    /// When no stream speaks on either, that the new connection was asked is all there is to know of it, and after some
    /// time it is enough: connections of streams that rarely speak grow old too.
    /// </summary>
    /// <param name="streams">The streams that are judged, with their index; muted ones are passed over.</param>
    /// <param name="before">
    /// The positions that the old connection had when the new one's streams were acknowledged.
    /// </param>
    /// <param name="old">The old connection's newest positions.</param>
    /// <param name="first">The new connection's first positions.</param>
    /// <param name="isOver">True when there was time enough for whatever the old connection had under way.</param>
    public static bool IsConfirmed(
        IEnumerable<StreamWatch> streams, IReadOnlyDictionary<StreamName, long> before, StreamPulses old,
        StreamPulses first, bool isOver = false)
    {
        bool any = isOver;
        foreach (StreamWatch watch in streams)
        {
            if (watch.IsMuted)
            {
                continue;
            }

            long oldNewest = old[watch.Name.Kind, watch.SymbolIndex];
            long newFirst = first[watch.Name.Kind, watch.SymbolIndex];
            if (newFirst > 0)
            {
                any = true;
                if (oldNewest < newFirst)
                {
                    return false;
                }
            }
            else if (oldNewest > before.GetValueOrDefault(watch.Name))
            {
                return false;
            }
        }

        return any;
    }
}
