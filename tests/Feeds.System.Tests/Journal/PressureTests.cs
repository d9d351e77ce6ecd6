using Feeds.System.Tests.Program;
using Xunit;

namespace Feeds.System.Tests.Journal;

/// <summary>
/// A node that stands still or has too little memory: nothing is lost but what is declared, and the next start goes on.
/// </summary>
public sealed class PressureTests
{
    private const int SigStop = 19;
    private const int SigCont = 18;

    [Fact]
    public async Task A_process_that_stands_still_for_two_seconds_loses_nothing()
    {
        await using WatchedMarket market = await WatchedMarket.StartAsync();
        await using FeedsProgram node = market.Node();
        await market.MoreRowsAsync(node, 6);
        for (int i = 0; i < 3; i++)
        {
            node.Signal(SigStop);

            // The length of a long collection or of a machine that is moved: it is the case, not a wait for something.
            await Task.Delay(TimeSpan.FromSeconds(2));
            node.Signal(SigCont);
            await market.MoreRowsAsync(node, 4);
        }

        await WatchedMarket.StopAsync(node);
        await market.VerifyAsync();
    }

    [Fact]
    public async Task A_process_that_runs_out_of_memory_is_one_that_was_killed()
    {
        await using WatchedMarket market = await WatchedMarket.StartAsync();
        await using (FeedsProgram node = market.Node())
        {
            await market.MoreRowsAsync(node, 6);
            node.Signal(9);
            await node.EndAsync();
        }

        // In hexadecimal: 6 MB, enough to start with and not to go on.
        await using (FeedsProgram small = market.Node(("DOTNET_GCHeapHardLimit", "600000")))
        {
            Assert.NotEqual(0, await small.EndAsync());
            Assert.Contains("out of memory", small.Errors, StringComparison.OrdinalIgnoreCase);
        }

        await using FeedsProgram next = market.Node();
        await market.MoreRowsAsync(next, 6);
        await WatchedMarket.StopAsync(next);
        await market.VerifyAsync();
    }
}
