using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Storage;
using Feeds.Storage.Sinks;
using Feeds.Tests.Storage.Files;
using Xunit;

namespace Feeds.Tests.Storage.Sinks;

/// <summary>A node that dies between any two steps of the disk, and readers that look between them.</summary>
public sealed class ParquetRowSinkCrashTests
{
    private const string Folder = "/lake";

    // From two minutes before the end of an hour into the next one, with a symbol that comes late.
    private static readonly TickRows[][] Script =
    [
        .. Enumerable.Range(56, 9).Select(tick => FeatureRows.Tick(tick, "A", "B").ToArray()),
        [FeatureRows.Row("LATE", 57), FeatureRows.Row("LATE", 63)],
        [FeatureRows.Row("A", 65)],
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_that_dies_at_any_step_loses_and_doubles_no_row()
    {
        int kills = 0;
        while (await DiesAsync(kills))
        {
            kills++;
        }

        Assert.True(kills > 50);
    }

    [Fact]
    public async Task A_reader_sees_every_durable_row_once_whenever_it_looks()
    {
        CrashFileSystem files = new();
        ParquetRowSink? sink = null;
        int looks = 0;
        files.Fault = (operation, _) =>
        {
            if (operation != "read")
            {
                // Also while the sink is being opened: then nothing is durable yet.
                Look(files, symbol => sink?.DurableTick(symbol) ?? 0);
                looks++;
            }

            return null;
        };
        await using (sink = Open(files))
        {
            foreach (TickRows[] rows in Script)
            {
                await sink.WriteAsync(rows, Token);
                await sink.SettleAsync(Token);
            }
        }

        Assert.True(looks > 50);
        FeatureRows.AssertHeld(Script.SelectMany(rows => rows), FeatureRows.Read(files, Folder));
    }

    [Fact]
    public async Task A_disk_that_fails_once_at_any_step_costs_no_row()
    {
        int failures = 0;
        while (await FailsOnceAsync(failures))
        {
            failures++;
        }

        Assert.True(failures > 50);
    }

    // False when there was no such step.
    private static async Task<bool> FailsOnceAsync(int step)
    {
        CrashFileSystem files = new();
        int steps = 0;
        files.Fault = (operation, _) => operation != "read" && steps++ == step ? new IOException("EIO") : null;
        ParquetRowSink sink = await ReopenAsync(null, files);
        foreach (TickRows[] rows in Script)
        {
            for (bool isWritten = false; !isWritten;)
            {
                try
                {
                    await sink.WriteAsync(rows, Token);
                    await sink.SettleAsync(Token);
                    isWritten = true;
                }
                catch (StorageSuspectException)
                {
                    // The process ends; the rows before these come again with the next one.
                    files.Crash(new Random(step));
                    sink = await ReopenAsync(sink, files);
                    await sink.WriteAsync(
                        [.. Script.TakeWhile(earlier => earlier != rows).SelectMany(earlier => earlier)], Token);
                }
                catch (StorageException)
                {
                    // The same rows are written again.
                }
            }
        }

        // What could not be published at the end comes again at the next start.
        sink = await ReopenAsync(sink, files);
        await sink.WriteAsync([.. Script.SelectMany(rows => rows)], Token);
        await sink.DisposeAsync();
        FeatureRows.AssertHeld(Script.SelectMany(rows => rows), FeatureRows.Read(files, Folder));
        return steps > step;
    }

    private static async Task<ParquetRowSink> ReopenAsync(ParquetRowSink? sink, CrashFileSystem files)
    {
        if (sink is not null)
        {
            await sink.DisposeAsync();
        }

        try
        {
            return Open(files);
        }
        catch (StorageException)
        {
            return Open(files);
        }
    }

    // False when the process got to its end before it was to die.
    private static async Task<bool> DiesAsync(int step)
    {
        CrashFileSystem files = new();
        int steps = 0;
        files.Fault = (operation, _) =>
            operation != "read" && steps++ >= step ? new InvalidOperationException("killed") : null;
        ParquetRowSink? sink = null;
        try
        {
            sink = Open(files);
            foreach (TickRows[] rows in Script)
            {
                await sink.WriteAsync(rows, Token);
                await sink.SettleAsync(Token);
            }

            await sink.DisposeAsync();
            return false;
        }
        catch (InvalidOperationException)
        {
            // Killed.
        }

        Dictionary<Symbol, long> durable = Script.SelectMany(rows => rows).Select(row => row.Feed.Symbol).Distinct()
            .ToDictionary(symbol => symbol, symbol => sink?.DurableTick(symbol) ?? 0);
        files.Fault = static (_, _) => null;
        files.Crash(new Random(step));
        Look(files, symbol => durable[symbol]);
        await using (ParquetRowSink next = Open(files))
        {
            foreach ((Symbol symbol, long tick) in durable)
            {
                Assert.True(tick == long.MaxValue || next.DurableTick(symbol) >= tick);
            }

            // As the journal's fold does: everything comes again that may not be held.
            foreach (TickRows[] rows in Script)
            {
                await next.WriteAsync(rows, Token);
            }
        }

        FeatureRows.AssertHeld(Script.SelectMany(rows => rows), FeatureRows.Read(files, Folder));
        return true;
    }

    private static void Look(CrashFileSystem files, Func<Symbol, long> durableTick)
    {
        IReadOnlyList<FeatureRow> held = FeatureRows.Read(files, Folder);
        HashSet<(long, Symbol)> seen = [.. held.Select(row => (row.Time, row.Symbol))];
        Assert.Equal(held.Count, seen.Count);
        foreach (TickRows row in Script.SelectMany(rows => rows))
        {
            long durable = durableTick(row.Feed.Symbol);
            Assert.True(
                durable == long.MaxValue || row.Feed.TickTime > durable
                    || seen.Contains((row.Feed.TickTime, row.Feed.Symbol)));
        }
    }

    private static ParquetRowSink Open(CrashFileSystem files) =>
        ParquetRowSink.Open(
            new ParquetRowSinkOptions { Path = Folder, TickMs = 30_000, GroupRows = 3 }, files, new StorageNotes());
}
