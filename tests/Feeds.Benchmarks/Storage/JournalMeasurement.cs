using System.Globalization;
using Feeds.Core.Market;
using Feeds.Storage.Journals;

namespace Feeds.Benchmarks.Storage;

/// <summary>
/// What the journal costs, on a file of frames: appending, against SQLite in turns in the same run; bytes of each kind
/// against its JSON; sealing; the fold; and what follows for a day of 600 symbols. Costs are CPU time of the thread
/// that does the work, so that a loaded machine measures the same; the wall clock stands beside it where a disk is
/// waited for.
/// </summary>
internal static class JournalMeasurement
{
    // 600 symbols with a book each 100 ms, the most that the exchange sends: it leaves out a book that equals the one
    // before.
    private const double BooksPerSecond = 6_000;
    private const int FlushesPerSecond = 4;
    private const int SnapshotSeconds = 300;

    public static int Run(string path, int rounds)
    {
        EventFile file = EventFile.Load(path);
        long books = file.Events.LongCount(static each => each.Event.Kind == EventKind.Book);
        double rate = BooksPerSecond * file.Events.Length / books;
        string folder = Directory.CreateTempSubdirectory("feeds-journal-bench-").FullName;
        try
        {
            Say($"{file.Events.Length} events of {file.Symbols.Count} symbols, {books} of them books; 600 symbols are {rate:0} events/s");
            Append(file, folder, (int)(rate / FlushesPerSecond), rounds);
            JournalRun run = new(file, Path.Combine(folder, "run"));
            Bytes(file, folder);
            Sizes sizes = Seal(run, rate, rounds);
            double fold = Fold(run, rounds);
            Day(sizes, rate, fold);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Append(EventFile file, string folder, int batch, int rounds)
    {
        List<double>[] ns = [[], [], [], [], []];
        for (int round = -1; round < rounds; round++)
        {
            (double appendCpu, double allCpu, double wall) = JournalRun.Append(
                file, Path.Combine(folder, $"append{round}"), batch);
            (double sqliteCpu, double sqliteWall) = SqliteRun.Append(
                file, Path.Combine(folder, $"append{round}.sqlite"), batch);
            if (round >= 0)
            {
                double[] each = [appendCpu, allCpu, wall, sqliteCpu, sqliteWall];
                for (int i = 0; i < each.Length; i++)
                {
                    ns[i].Add(each[i]);
                }
            }
        }

        double[] medians = [.. ns.Select(Median)];
        Say($"append, ns an event, a flush each {batch} events ({1000 / FlushesPerSecond} ms), {rounds} rounds in turns, medians (min to max):");
        Say($"  encode and append       {Spread(ns[0])} CPU");
        Say($"  with its share of flush {Spread(ns[1])} CPU, {Spread(ns[2])} wall");
        Say($"  SQLite {Sqlite.Version} WAL, FULL {Spread(ns[3])} CPU, {Spread(ns[4])} wall");
        Say($"  SQLite / journal        {medians[3] / medians[1]:0.0} CPU, {medians[4] / medians[2]:0.0} wall");
    }

    private static void Bytes(EventFile file, string folder)
    {
        Say($"bytes an event        count   JSON   gzip   open   sealed  JSON/sealed  gzip/sealed");
        foreach (EventFile.KindBytes kind in file.Kinds)
        {
            (long open, long sealedBytes) = JournalRun.BytesOf(file, Path.Combine(folder, $"bytes-{kind.Kind}"), kind);
            double n = kind.Events.Count;
            Say($"  {kind.Kind,-16} {kind.Events.Count,8} {kind.JsonBytes / n,6:0} {kind.GzipBytes / n,6:0.0} {open / n,6:0.0} {sealedBytes / n,8:0.0} {(double)kind.JsonBytes / sealedBytes,12:0.0} {(double)kind.GzipBytes / sealedBytes,12:0.00}");
        }
    }

    private static Sizes Seal(JournalRun run, double rate, int rounds)
    {
        List<double> ns = [];
        (long open, long sealedBytes) = (0, 0);
        for (int round = -1; round < rounds; round++)
        {
            (double cpu, open, sealedBytes) = run.Seal();
            if (round >= 0)
            {
                ns.Add(cpu);
            }
        }

        double perEvent = Median(ns);
        Say($"sealing {Spread(ns)} ns CPU an event: {100 * rate * perEvent / 1e9:0.0} % of a core at {rate:0} events/s");
        Say($"all kinds {(double)open / run.EventCount:0.0} bytes an event open, {(double)sealedBytes / run.EventCount:0.0} sealed");
        return new Sizes((double)sealedBytes / run.EventCount);
    }

    private static double Fold(JournalRun run, int rounds)
    {
        double slowest = 0;
        foreach ((bool features, bool isSealed) in new[] { (false, false), (false, true), (true, false), (true, true) })
        {
            string folder = run.Prepare(features, isSealed);
            List<double> ns = [];
            for (int round = -1; round < rounds; round++)
            {
                long start = ThreadClock.Now;
                long events = new JournalFold(folder).Run(new FoldOptions { UseSnapshots = false }, static _ => { })
                    .Values.Sum(static symbol => symbol.EventCount);
                double cpu = (double)(ThreadClock.Now - start) / events;
                if (round >= 0)
                {
                    ns.Add(cpu);
                }
            }

            slowest = Math.Max(slowest, Median(ns));
            Say($"fold, {(isSealed ? "sealed" : "open  ")}, features {(features ? "on " : "off")} {Spread(ns)} ns CPU an event: {1000 / Median(ns):0.00} M events/s a core");
        }

        return slowest;
    }

    private static void Day(Sizes sizes, double rate, double foldNs)
    {
        double bytes = rate * 86_400 * sizes.SealedBytesPerEvent;
        double events = rate * SnapshotSeconds;
        Say($"a day of 600 symbols, by extrapolation: {rate * 86_400 / 1e6:0} M events, {bytes / 1e9:0.0} GB sealed");
        Say($"recovery, by extrapolation: {events / 1e6:0.0} M events since the snapshot of {SnapshotSeconds} s ago: {events * foldNs / 1e9:0.0} s on one core");
    }

    private static string Spread(List<double> values) =>
        string.Create(CultureInfo.InvariantCulture, $"{Median(values):0} ({values.Min():0} to {values.Max():0})");

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Say(FormattableString text) => Console.WriteLine(FormattableString.Invariant(text));

    private sealed record Sizes(double SealedBytesPerEvent);
}
