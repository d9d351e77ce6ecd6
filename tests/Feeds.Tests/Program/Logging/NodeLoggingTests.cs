using Feeds.Configuration;
using Feeds.Logging;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Feeds.Tests.Program.Logging;

public sealed class NodeLoggingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("feeds-logs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_message_is_one_line_whatever_it_says()
    {
        using (NodeLogging logging = Open())
        {
            logging.Factory.CreateLogger("Room").LogWarning(
                "Symbol {Symbol} failed: {Reason}", "BTCUSDT",
                "\u001b[31mx\n2026-01-01 00:00:00.000 INFO Room: all is well");
        }

        string line = Assert.Single(Lines());
        Assert.Matches(
            @"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} WARNING Room: Symbol BTCUSDT failed: \\x1b\[31mx\\n2026-01-01 00:00:00\.000 INFO Room: all is well$",
            line);
    }

    [Fact]
    public void An_exception_is_indented_so_that_it_forges_no_line()
    {
        using (NodeLogging logging = Open())
            logging.Factory.CreateLogger("Room").LogError(
                new InvalidOperationException("one\n2026-01-01 two"), "Failed");

        string[] lines = Lines();
        Assert.EndsWith(" ERROR Room: Failed", lines[0], StringComparison.Ordinal);
        Assert.True(lines.Length > 1);
        Assert.All(lines[1..], line => Assert.StartsWith("    ", line, StringComparison.Ordinal));
    }

    [Fact]
    public void The_file_rolls_by_size_and_old_ones_go()
    {
        using (NodeLogging logging = Open())
        {
            ILogger logger = logging.Factory.CreateLogger("Room");
            for (int i = 0; i < 5000; i++) logger.LogDebug("{Text}", new string('x', 1000));
        }

        string[] files = Directory.GetFiles(Path.Combine(_folder, "logs"));
        Assert.Equal(2, files.Length);
        Assert.All(files, file => Assert.InRange(new FileInfo(file).Length, 1, 1_100_000));
    }

    [Fact]
    public void A_disk_that_takes_nothing_costs_lines_and_not_the_node()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "there is no /dev/full here");
        Directory.CreateDirectory(Path.Combine(_folder, "logs"));
        File.CreateSymbolicLink(Path.Combine(_folder, "logs", "feeds.log"), "/dev/full");
        using NodeLogging logging = Open();
        for (int i = 0; i < 100; i++) logging.Factory.CreateLogger("Room").LogWarning("Number {Number}", i);

        Assert.Equal(50, logging.Problems.ToList().Count);
    }

    [Fact]
    public void The_newest_problems_are_kept_the_newest_first()
    {
        using NodeLogging logging = Open();
        ILogger logger = logging.Factory.CreateLogger("Room");
        logger.LogInformation("no problem");
        for (int i = 0; i < RecentProblems.Capacity + 5; i++) logger.LogWarning("Number {Number}\n", i);

        Assert.Equal(RecentProblems.Capacity, logging.Problems.ToList().Count);
        Assert.Equal(@"Number 54\n", logging.Problems.ToList()[0].Text);
    }

    private NodeLogging Open() => new(new LoggingOptions { FileMb = 1, KeepFiles = 2 }, _folder, LogLevel.None);

    private string[] Lines() => File.ReadAllLines(Path.Combine(_folder, "logs", "feeds.log"));
}
