using System.Collections.Concurrent;
using System.Globalization;
using Xunit;
using Xunit.Sdk;

namespace Feeds.Tests.Engine.Faults;

/// <summary>Faults drawn by chance, through a whole node over real sockets on a hand-moved clock.</summary>
public sealed class NodeFaultSeedTests
{
    private const int UsualSeeds = 16;
    private const int LongSeeds = 200;

    /// <summary>
    /// The first seeds of two hundred; all of them with FEEDS_LONG=1; only those of FEEDS_SEED (a list with commas). A
    /// failing seed is printed with what it drew.
    /// </summary>
    [Fact]
    public async Task Whatever_goes_wrong_nothing_is_lost_unsaid_nothing_doubled_and_no_limit_broken()
    {
        int[] seeds = Environment.GetEnvironmentVariable("FEEDS_SEED") is { Length: > 0 } told
            ? [.. told.Split(',').Select(static seed => int.Parse(seed, CultureInfo.InvariantCulture))]
            : [.. Enumerable.Range(
                1, Environment.GetEnvironmentVariable("FEEDS_LONG") == "1" ? LongSeeds : UsualSeeds)];
        ConcurrentQueue<string> failures = [];
        int done = 0;
        await Parallel.ForEachAsync(seeds, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (seed, _) =>
        {
            FaultDraw draw = FaultDraw.Of(seed);
            try
            {
                await new FaultRun(draw).RunAsync();
            }
            catch (Exception failure) when (failure is XunitException or TimeoutException)
            {
                string report = $"FEEDS_SEED={seed}\n{draw.Describe()}\n{failure.Message}";
                TestContext.Current.TestOutputHelper?.WriteLine(report);
                failures.Enqueue(report);
            }

            Interlocked.Increment(ref done);
        });
        Assert.Equal(seeds.Length, done);
        Assert.True(
            failures.IsEmpty, $"{failures.Count} of {seeds.Length} seeds failed\n{string.Join("\n\n", failures)}");
    }
}
