using System.Diagnostics;
using System.Globalization;
using Feeds.Commands;
using Feeds.System.Tests.Program;
using Xunit;

namespace Feeds.System.Tests.Journal;

/// <summary>
/// A node and a disk that fails it in earnest. After each: the journal is valid, replay gives the rows, and the
/// exchange's ledger has nothing that is neither in the journal nor declared.
/// </summary>
public sealed class DiskFaultTests
{
    [Fact]
    public async Task A_full_disk_turns_health_red_and_the_node_goes_on_by_itself_when_there_is_room()
    {
        await using WatchedMarket market = await WatchedMarket.StartAsync();
        using Mount mount = Tool.Mount(market.Data, "-t", "tmpfs", "-o", "size=6m", "tmpfs");
        await using FeedsProgram node = market.Node();
        await market.MoreRowsAsync(node, 6);
        string filler = Path.Combine(market.Data, "filler");
        await FillAsync(filler);
        await WatchedMarket.SaysAsync(node, "No space left");
        await market.UnhealthyAsync(node, "rows: none written");
        long before = market.RowCount();
        Assert.False(node.HasEnded);
        File.Delete(filler);
        await WatchedMarket.UntilAsync(() => market.RowCount() > before + 6, () => node.Errors);
        await WatchedMarket.StopAsync(node);
        await market.VerifyAsync();
    }

    [Fact]
    public async Task A_failed_fsync_ends_the_node_with_its_own_exit_code_and_the_next_start_goes_on()
    {
        Tool.Need("strace");
        await using WatchedMarket market = await WatchedMarket.StartAsync();
        Assert.SkipWhen(Tool.Try("strace", "-o", "/dev/null", "true") is { } refused, "strace may not trace here");

        await using (FeedsProgram node = market.Node())
        {
            await market.MoreRowsAsync(node, 6);
            using Process strace = Process.Start(
                "strace",
                ["-f", "-qq", "-o", "/dev/null", "-p", $"{node.Id}", "-e", "trace=fsync,fdatasync", "-e",
                    "inject=fsync,fdatasync:error=EIO"]);
            Task<int> ended = node.EndAsync();
            await Task.WhenAny(ended, strace.WaitForExitAsync());
            Assert.SkipWhen(strace.HasExited && strace.ExitCode != 0 && !node.HasEnded, "strace may not attach here");
            int code = await ended;
            await strace.WaitForExitAsync();
            Assert.True(code == ExitCode.DiskSuspect, $"exit code {code}: {node.Errors}");
            Assert.Contains("the disk did not confirm what was written", node.Errors, StringComparison.Ordinal);
        }

        await using FeedsProgram next = market.Node();
        await market.MoreRowsAsync(next, 6);
        await WatchedMarket.StopAsync(next);
        await market.VerifyAsync();
    }

    [Fact]
    public async Task A_disk_that_turns_read_only_is_named_and_nothing_is_taken_as_written()
    {
        Tool.Need("mkfs.ext4", "losetup");
        await using WatchedMarket market = await WatchedMarket.StartAsync();
        string image = Path.Combine(Path.GetDirectoryName(market.Data)!, "disk.img");
        await using (FileStream file = File.Create(image))
        {
            file.SetLength(48 << 20);
        }

        Tool.Run("mkfs.ext4", "-q", "-F", image);
        using (Mount mount = Tool.Mount(market.Data, "-o", "loop,errors=remount-ro", image))
        {
            await using FeedsProgram node = market.Node();
            await market.MoreRowsAsync(node, 6);

            // What the kernel does by itself after an error of the device: nothing can be written any more, not even
            // what is open.
            Tool.Run("mount", "-o", "remount,abort", market.Data);
            await WatchedMarket.SaysAsync(node, "Read-only file system");
            await market.UnhealthyAsync(node, "rows: none written");
            node.Signal(9);
            await node.EndAsync();
        }

        using Mount again = Tool.Mount(market.Data, "-o", "loop", image);
        await using FeedsProgram next = market.Node();
        await market.MoreRowsAsync(next, 6);
        await WatchedMarket.StopAsync(next);
        await market.VerifyAsync();
    }

    [Fact]
    public async Task A_journal_folder_that_is_taken_away_is_named_and_made_again()
    {
        await using WatchedMarket market = await WatchedMarket.StartAsync();
        await using FeedsProgram node = market.Node();
        await market.MoreRowsAsync(node, 6);
        string journal = Path.Combine(market.Data, "journal");
        Directory.Move(journal, journal + "-taken");
        await WatchedMarket.SaysAsync(node, "is gone or was cut by somebody else");
        await market.MoreRowsAsync(node, 6);
        Assert.NotEmpty(Directory.GetFiles(journal, "*.open"));
        await WatchedMarket.StopAsync(node);

        // What was taken is whole, and so is what came after; put together again they are the run.
        foreach (string file in Directory.GetFiles(journal + "-taken").Where(
            static file => Path.GetFileName(file) != "lock"))
        {
            File.Move(file, Path.Combine(journal, Path.GetFileName(file)));
        }

        await market.VerifyAsync();
    }

    [Fact]
    public async Task Without_file_handles_rows_go_on_or_the_next_start_goes_on()
    {
        Tool.Need("prlimit");
        await using WatchedMarket market = await WatchedMarket.StartAsync();
        await using (FeedsProgram node = market.Node())
        {
            await market.MoreRowsAsync(node, 6);
            string limit = (Directory.GetFiles($"/proc/{node.Id}/fd").Length / 2).ToString(
                CultureInfo.InvariantCulture);
            string id = node.Id.ToString(CultureInfo.InvariantCulture);
            Tool.Run("prlimit", "--pid", id, $"--nofile={limit}:4096");
            long wanted = market.RowCount() + 10;
            await WatchedMarket.UntilAsync(() => node.HasEnded || market.RowCount() >= wanted, () => node.Errors);
            if (node.HasEnded)
            {
                // The runtime wants a handle for each thread that it makes; when it gets none it ends the process, or
                // lets ours do it.
                Assert.Contains("out of memory", node.Errors, StringComparison.OrdinalIgnoreCase);
            }
            else
            {
                Tool.Run("prlimit", "--pid", id, "--nofile=4096:4096");
                await market.MoreRowsAsync(node, 4);
                await WatchedMarket.StopAsync(node);
            }
        }

        await using FeedsProgram next = market.Node();
        await market.MoreRowsAsync(next, 4);
        await WatchedMarket.StopAsync(next);
        await market.VerifyAsync();
    }

    [Fact]
    public async Task A_second_node_on_the_same_folder_is_refused_and_the_first_goes_on()
    {
        await using WatchedMarket market = await WatchedMarket.StartAsync();
        await using FeedsProgram first = market.Node();
        await market.MoreRowsAsync(first, 4);
        await using (FeedsProgram second = market.Node())
        {
            Assert.Equal(ExitCode.Usage, await second.EndAsync());
            Assert.Contains("another process", second.Errors, StringComparison.Ordinal);
        }

        await market.MoreRowsAsync(first, 4);
        await WatchedMarket.StopAsync(first);
        await market.VerifyAsync();
    }

    // Until not a byte more fits.
    private static async Task FillAsync(string path)
    {
        await using FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, 0);
        byte[] block = new byte[4096];
        for (int size = block.Length; size > 0;)
        {
            try
            {
                await file.WriteAsync(block.AsMemory(0, size));
            }
            catch (IOException)
            {
                size /= 2;
            }
        }
    }
}
