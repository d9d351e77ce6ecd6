using System.Diagnostics;
using Feeds.Core.Market;
using Feeds.Storage.Journals;

namespace Feeds.Benchmarks.Storage;

/// <summary>The same events, encoded the same way, into a table of SQLite.</summary>
internal static class SqliteRun
{
    /// <summary>Returns nanoseconds an event, of CPU and of the wall clock.</summary>
    public static (double Cpu, double Wall) Append(EventFile file, string path, int batch)
    {
        using Sqlite database = new(path);
        byte[] body = new byte[4096];
        long[] sequences = new long[file.Symbols.Count];
        int count = 0;
        long start = ThreadClock.Now;
        long wall = Stopwatch.GetTimestamp();
        database.Run("BEGIN");
        foreach ((int symbol, MarketEvent e) in file.Events)
        {
            // Bars, whose records have no fixed length, are few; the journal encodes them, SQLite is spared them.
            int length = EventCodec.LengthOf(e);
            if (length < 0)
            {
                continue;
            }

            EventCodec.Write(e, symbol, body.AsSpan(0, length));
            database.Insert(symbol, ++sequences[symbol], body.AsSpan(0, length));
            if (++count % batch == 0)
            {
                database.Run("COMMIT");
                database.Run("BEGIN");
            }
        }

        database.Run("COMMIT");
        return ((double)(ThreadClock.Now - start) / count, Stopwatch.GetElapsedTime(wall).TotalNanoseconds / count);
    }
}
