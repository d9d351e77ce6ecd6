using System.Diagnostics;
using Feeds.Core.Market;
using Feeds.Storage;
using Feeds.Storage.Files;
using Feeds.Storage.Journals;

namespace Feeds.Benchmarks.Storage;

/// <summary>A file's events in journals of their own: appended, sealed, folded.</summary>
internal sealed class JournalRun
{
    // A row each 30 seconds of a symbol that has some fifteen events a second.
    private const int EventsPerTick = 450;
    private const int EventsPerFlush = 2_000;

    private readonly EventFile _file;
    private readonly string _folder;
    private int _runs;

    public JournalRun(EventFile file, string folder)
    {
        _file = file;
        _folder = folder;
    }

    /// <summary>Events of a prepared journal, ticks included.</summary>
    public long EventCount { get; private set; }

    /// <summary>Appends all events with a flush each <paramref name="batch"/>; returns nanoseconds an event.</summary>
    public static (double AppendCpu, double AllCpu, double Wall) Append(EventFile file, string folder, int batch)
    {
        using JournalWriter writer = JournalWriter.Open(new JournalOptions { Folder = folder }, TimeProvider.System);
        SymbolJournal[] symbols = [.. file.Symbols.Select(symbol => writer.For(symbol, 0))];
        (int Symbol, MarketEvent Event)[] events = file.Events;
        long flush = 0;
        long start = ThreadClock.Now;
        long wall = Stopwatch.GetTimestamp();
        for (int i = 0; i < events.Length; i++)
        {
            SymbolJournal symbol = symbols[events[i].Symbol];
            symbol.Append(symbol.LastSequence + 1, events[i].Event);
            if (i % batch == batch - 1)
            {
                long before = ThreadClock.Now;
                writer.Flush();
                flush += ThreadClock.Now - before;
            }
        }

        writer.Flush();
        long all = ThreadClock.Now - start;
        return (
            (double)(all - flush) / events.Length, (double)all / events.Length,
            Stopwatch.GetElapsedTime(wall).TotalNanoseconds / events.Length);
    }

    /// <summary>Returns the bytes of the events of one kind in both forms, headers and indexes included.</summary>
    public static (long Open, long Sealed) BytesOf(EventFile file, string folder, EventFile.KindBytes kind)
    {
        using (JournalWriter writer = JournalWriter.Open(new JournalOptions { Folder = folder }, TimeProvider.System))
        {
            Dictionary<int, SymbolJournal> symbols = [];
            int count = 0;
            foreach ((int symbol, MarketEvent e) in kind.Events)
            {
                if (!symbols.TryGetValue(symbol, out SymbolJournal? journal))
                {
                    symbols.Add(symbol, journal = writer.For(file.Symbols[symbol], 0));
                }

                journal.Append(journal.LastSequence + 1, e);
                if (++count % EventsPerFlush == 0)
                {
                    writer.Flush();
                }
            }
        }

        long open = BytesIn(folder);
        SealAll(folder);
        return (open, BytesIn(folder));
    }

    /// <summary>Seals a journal of all events; returns CPU nanoseconds an event and the bytes of both forms.</summary>
    public (double Cpu, long Open, long Sealed) Seal()
    {
        string folder = Prepare(features: false, isSealed: false);
        long open = BytesIn(folder);
        long start = ThreadClock.Now;
        SealAll(folder);
        return ((double)(ThreadClock.Now - start) / EventCount, open, BytesIn(folder));
    }

    /// <summary>Writes a journal of all events with settings and ticks; returns its folder.</summary>
    public string Prepare(bool features, bool isSealed)
    {
        string folder = Path.Combine(_folder, $"{_runs++}");
        using (JournalWriter writer = JournalWriter.Open(new JournalOptions { Folder = folder }, TimeProvider.System))
        {
            long start = _file.Events[0].Event.ReceiveTime - 1;
            SymbolJournal[] symbols = [.. _file.Symbols.Select(symbol => writer.For(symbol, 0))];
            SymbolSettings settings = SymbolSettings.Default with { Features = features };
            foreach (SymbolJournal symbol in symbols)
            {
                symbol.Append(1, MarketEvent.ForSettings(settings, start));
            }

            EventCount = symbols.Length;
            for (int i = 0; i < _file.Events.Length; i++)
            {
                (int at, MarketEvent e) = _file.Events[i];
                SymbolJournal symbol = symbols[at];
                symbol.Append(symbol.LastSequence + 1, e);
                EventCount++;
                if (symbol.LastSequence % EventsPerTick == 0)
                {
                    symbol.Append(
                        symbol.LastSequence + 1, MarketEvent.ForTick(e.ReceiveTime / 1000 * 1000, e.ReceiveTime));
                    EventCount++;
                }

                if (i % EventsPerFlush == 0)
                {
                    writer.Flush();
                }
            }
        }

        if (isSealed)
        {
            SealAll(folder);
        }

        return folder;
    }

    private static void SealAll(string folder)
    {
        JournalSealer sealer = new(folder, writer: null, DiskFileSystem.Instance, NoStorageEvents.Instance);
        while (sealer.SealNext())
        {
        }
    }

    private static long BytesIn(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles().Sum(static file => file.Length);
}
