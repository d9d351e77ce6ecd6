using Feeds.Core;

namespace Feeds.Simulator.Replay;

/// <summary>
/// Files that were recorded together. Each session is moved in time by one constant of its own, a whole number of
/// minutes, so that it begins within a minute from the start and its bars keep their boundaries.
/// </summary>
internal static class ReplaySession
{
    private const long Together = 3_600_000;

    /// <summary>Reads files and returns one settled recording per symbol.</summary>
    /// <exception cref="FeedsException">A file cannot be read, or two sessions hold the same symbol.</exception>
    public static IReadOnlyList<Recording> Load(IReadOnlyList<string> paths, long startTime, TimeSpan skip)
    {
        List<Recording> parts = [.. paths.SelectMany(RecordingFile.Read).OrderBy(static part => part.FirstTime)];
        List<Recording> all = [];
        for (int i = 0; i < parts.Count;)
        {
            long first = parts[i].FirstTime;
            long last = parts[i].LastTime;
            List<Recording> session = [];
            for (; i < parts.Count && parts[i].FirstTime - last < Together; i++)
            {
                last = Math.Max(last, parts[i].LastTime);
                Join(session, parts[i]);
            }

            long begin = first + (long)skip.TotalMilliseconds;
            long behind = startTime - begin;
            long move = (behind >= 0 ? (behind + 59_999) / 60_000 : behind / 60_000) * 60_000;
            foreach (Recording recording in session)
            {
                if (all.Exists(other => string.Equals(other.Symbol, recording.Symbol, StringComparison.Ordinal)))
                {
                    throw new FeedsException(
                        $"replay: {recording.Symbol} was recorded in two files that do not belong together");
                }

                recording.Settle(move);
                all.Add(recording);
            }
        }

        return all;
    }

    private static void Join(List<Recording> session, Recording part)
    {
        Recording? known = session.Find(other => string.Equals(other.Symbol, part.Symbol, StringComparison.Ordinal));
        if (known is null)
        {
            session.Add(part);
            return;
        }

        known.Records.AddRange(part.Records);
        known.PriceDigits = Math.Max(known.PriceDigits, part.PriceDigits);
        known.QuantityDigits = Math.Max(known.QuantityDigits, part.QuantityDigits);
    }
}
