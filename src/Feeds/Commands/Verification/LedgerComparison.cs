using Feeds.Core.Market;
using Feeds.Simulator.Ledgers;

namespace Feeds.Commands.Verification;

/// <summary>
/// The venue's account of what it generated against the journal: what is in neither the journal nor a declared gap,
/// what is in the journal and not in the account, and what is there twice.
/// </summary>
internal sealed class LedgerComparison
{
    // What the venue sent shortly before the journal's end may have been under way, and holes found shortly before it
    // under repair.
    private const long UnderWayMs = 10_000;
    private const long RepairMs = 60_000;

    // Between the clocks of two processes, and the second that a range of trades is told to.
    private const long SlackMs = 1_000;

    private static readonly Comparer<JournaledEvent> ByKey = Comparer<JournaledEvent>.Create(
        static (a, b) => a.Key.CompareTo(b.Key));

    private readonly LedgerAccount _ledger;

    private LedgerComparison(LedgerAccount ledger) => _ledger = ledger;

    /// <summary>Returns an answer for each stream that the ledger or the journal knows, by symbol and feed.</summary>
    public static IReadOnlyList<StreamAnswer> Compare(LedgerAccount ledger, JournalFacts journal)
    {
        LedgerComparison comparison = new(ledger);
        return [.. journal.Symbols.SelectMany(symbol => SymbolFacts.StreamFeeds.Select(
            feed => comparison.Answer(symbol.Key, symbol.Value, feed))).OfType<StreamAnswer>()];
    }

    private StreamAnswer? Answer(Symbol symbol, SymbolFacts facts, Feed feed)
    {
        LedgerEntry[] expected = [.. LedgerStreams.Of(_ledger, symbol, feed).OrderBy(static entry => entry.Id)];
        FeedFacts journaled = facts[feed];
        if (journaled.Events.Count == 0 && (expected.Length == 0 || !journaled.WasConnected))
        {
            return null;
        }

        StreamAnswer answer = Missing(new StreamAnswer(symbol.Text, feed), expected, facts, journaled);
        return Wrong(answer, expected, journaled);
    }

    private static StreamAnswer Missing(
        StreamAnswer answer, LedgerEntry[] expected, SymbolFacts facts, FeedFacts journaled)
    {
        JournaledEvent[] byKey = [.. journaled.Events.OrderBy(static e => e.Key)];
        HashSet<long> seen = [.. byKey.Select(static e => e.Key)];
        long start = byKey.Length == 0 ? long.MinValue : byKey[0].Key;
        FeedBreak[] breaks = [.. journaled.Breaks];
        long end = facts.LastReceiveTime + (long)facts.ClockOffsetMs;
        long slack = SlackMs + Math.Abs((long)facts.ClockOffsetMs);
        List<LedgerEntry> missing = [.. expected.Where(entry => !seen.Contains(entry.Id))];

        // First: what a newer book replaced is accounted for by it, even close to a break that could excuse it too.
        int conflated = TakeConflated(missing, byKey);
        List<LedgerEntry> silent = [];
        long declared = 0;
        long underWay = 0;
        long before = 0;
        foreach (LedgerEntry entry in missing)
        {
            bool isInBreak = breaks.Any(each => entry.Id > each.AfterKey && entry.EventTime - slack <= each.UntilTime);
            if (isInBreak && entry.Id < start)
            {
                // The venue was there before the node.
                before++;
            }
            else if (IsDeclared(entry, journaled.Gaps)
                || (isInBreak && (answer.Feed != Feed.Trades || entry.Id > journaled.LargestKey)))
            {
                declared++;
            }
            else if (IsUnderWay(answer.Feed, entry, byKey, facts.LastReceiveTime, end))
            {
                underWay++;
            }
            else
            {
                silent.Add(entry);
            }
        }

        return answer with
        {
            Ledger = expected.Length - before,
            Journaled = expected.LongCount(entry => seen.Contains(entry.Id)),
            Declared = declared,
            UnderWay = underWay,
            Conflated = conflated,
            Lost = silent.Count,
            LostUnsent = silent.LongCount(static entry => entry.Copies == 0),
            FirstLost = silent.Count == 0 ? null : silent[0].Id,
            SentAgain = expected.Sum(static entry => (long)Math.Max(0, entry.Copies - 1)),
        };
    }

    // Ids count where the feed has them: trades. Elsewhere the stretch of time does.
    private static bool IsDeclared(in LedgerEntry entry, IReadOnlyList<Gap> gaps)
    {
        foreach (Gap gap in gaps)
        {
            if (gap.ToId > 0
                ? gap.FromId <= entry.Id && entry.Id <= gap.ToId
                : gap.ToTime > 0 && gap.FromTime - SlackMs <= entry.EventTime
                    && entry.EventTime <= gap.ToTime + SlackMs)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsUnderWay(Feed feed, LedgerEntry entry, JournaledEvent[] byKey, long lastReceiveTime, long end)
    {
        int next = Array.BinarySearch(byKey, new JournaledEvent(entry.Id, 0, 0, false), ByKey);
        if (~next == byKey.Length)
        {
            return entry.EventTime > end - UnderWayMs;
        }

        // A hole in trades shows with the next one; it is fetched then.
        return feed == Feed.Trades && byKey[~next].ReceiveTime > lastReceiveTime - RepairMs;
    }

    // A book that replaced others in the mailbox says how many: the nearest before it.
    private static int TakeConflated(List<LedgerEntry> missing, JournaledEvent[] byKey)
    {
        int total = missing.Count;
        int after = missing.Count;
        for (int i = byKey.Length - 1; i >= 0 && after > 0; i--)
        {
            int end = after;
            while (end > 0 && missing[end - 1].Id > byKey[i].Key)
            {
                end--;
            }

            int first = end;
            while (first > 0 && end - first < byKey[i].Conflated
                && (i == 0 || missing[first - 1].Id > byKey[i - 1].Key))
            {
                first--;
            }

            missing.RemoveRange(first, end - first);
            after = first;
        }

        return total - missing.Count;
    }

    private StreamAnswer Wrong(StreamAnswer answer, LedgerEntry[] expected, FeedFacts journaled)
    {
        HashSet<long> known = [.. expected.Select(static entry => entry.Id)];
        long last = expected.Length > 0 ? expected[^1].Id : long.MinValue;
        long first = expected.Length > 0 ? expected[0].Id : long.MaxValue;
        HashSet<long> seen = [];
        long doubled = 0;
        long madeUp = 0;
        long? firstWrong = null;
        foreach (JournaledEvent e in journaled.Events)
        {
            if (!seen.Add(e.Key))
            {
                doubled++;
                firstWrong ??= e.Key;
            }
            else if (IsJudged(answer.Feed, e, first, last) && !known.Contains(e.Key))
            {
                madeUp++;
                firstWrong ??= e.Key;
            }
        }

        return answer with { Doubled = doubled, MadeUp = madeUp, FirstWrong = firstWrong };
    }

    private bool IsJudged(Feed feed, in JournaledEvent e, long first, long last)
    {
        if (e.ReceiveTime < _ledger.StartTime - SlackMs || (_ledger.EndTime == 0 && e.Key > last))
        {
            return false;
        }

        // What was asked for over REST may be older than the venue's run; bars from there are in no stream's ledger.
        return e.IsFromStream || (feed == Feed.Trades && e.Key >= first);
    }
}
