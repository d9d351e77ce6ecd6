using System.Globalization;
using Feeds.System.Tests.Program;
using Xunit;

namespace Feeds.System.Tests.Cluster;

/// <summary>
/// Three nodes to which everything happens that may, at random: what the cluster promises holds after each round.
/// </summary>
public sealed class ClusterRoundsTests
{
    private const int SigStop = 19;
    private const int SigCont = 18;
    private const int SigKill = 9;

    private static readonly TimeSpan LongestGap =
        TimeSpan.FromSeconds((ClusterRig.TtlSec * 4 / 3) + ClusterRig.IntervalSec) + TimeSpan.FromSeconds(30);

    /// <summary>Sixty rounds; FEEDS_ROUNDS sets another number, FEEDS_SEED repeats a run's choices.</summary>
    [Fact]
    public async Task Whatever_happens_to_a_node_no_row_is_doubled_or_differs_and_gaps_are_bounded()
    {
        Assert.SkipUnless(
            Environment.GetEnvironmentVariable("FEEDS_LONG") == "1",
            "sixty rounds take half an hour: FEEDS_LONG=1 runs them");
        int rounds = Number("FEEDS_ROUNDS") ?? 60;
        int seed = Number("FEEDS_SEED") ?? Environment.ProcessId;
        Note(string.Create(CultureInfo.InvariantCulture, $"FEEDS_SEED={seed}"));
        Random random = new(seed);
        await using ClusterRig rig = await ClusterRig.StartAsync(seed, "node1", "node2", "node3");
        (string Name, Func<string, Task> Run)[] faults =
        [
            ("kill", name => KillAsync(rig, name)),
            ("freeze", name => FreezeAsync(rig, name, random, Task.CompletedTask)),
            ("freeze before a commit", name => FreezeAsync(rig, name, random, rig.Database(name).HoldCommitAsync())),
            ("freeze in a copy", name => FreezeAsync(rig, name, random, rig.Database(name).HoldCopyAsync())),
            ("database", _ => DatabaseAsync(rig, random)),
            ("database takes no writes", _ => ReadOnlyAsync(rig, random)),
            ("cut off from the database", name => CutAsync(rig, rig.Database(name), random)),
            ("cut off from the exchange", name => CutAsync(rig, rig.Exchange(name), random)),
            ("stop", name => StopAsync(rig, name)),
        ];
        TimeSpan largest = TimeSpan.Zero;
        for (int round = 0; round < rounds; round++)
        {
            DateTimeOffset since = TimeProvider.System.GetUtcNow();
            (string what, Func<string, Task> run) = faults[round < faults.Length ? round : random.Next(faults.Length)];
            string name = rig.Names.Order().ElementAt(random.Next(rig.Names.Count));
            await Task.Delay(random.Next(2_000));
            rig.CheckNodes();
            await run(name);
            await rig.Table.UntilFreshAsync();
            rig.CheckNodes();
            await rig.Table.CheckAsync();
            TimeSpan gap = await rig.Table.LargestGapAsync(since);
            largest = gap > largest ? gap : largest;
            Note(string.Create(
                CultureInfo.InvariantCulture, $"round {round}, {what} {name}: largest gap {gap.TotalSeconds:0} s"));
            Assert.True(gap <= LongestGap, rig.Log);
        }

        await rig.UntilPlacedAsync();
        int rows = await rig.Table.CheckFoldAsync();
        Note(string.Create(
            CultureInfo.InvariantCulture,
            $"{rounds} rounds: largest gap {largest.TotalSeconds:0} s, {rows} rows are the fold of the journal"));
    }

    private static async Task KillAsync(ClusterRig rig, string name)
    {
        rig.Node(name).Signal(SigKill);
        await rig.EndAsync(name);
        await rig.Table.UntilTakenFromAsync(name);
        rig.Start(name);
    }

    private static async Task FreezeAsync(ClusterRig rig, string name, Random random, Task when)
    {
        // A node without symbols has nothing to write.
        await Task.WhenAny(when, Task.Delay(TimeSpan.FromSeconds(10)));
        rig.Node(name).Signal(SigStop);
        await rig.Table.UntilTakenFromAsync(name);
        await Task.Delay(random.Next(5_000));
        rig.Database(name).LetGo();
        rig.Node(name).Signal(SigCont);
    }

    private static async Task DatabaseAsync(ClusterRig rig, Random random)
    {
        await rig.Server.StopAsync(random.Next(2) == 0 ? "fast" : "immediate");
        await Task.Delay(random.Next(10_000));
        await rig.Server.StartAgainAsync();
    }

    private static async Task ReadOnlyAsync(ClusterRig rig, Random random)
    {
        await rig.Server.SetReadOnlyAsync(true);
        await Task.Delay(random.Next(10_000));
        await rig.Server.SetReadOnlyAsync(false);
    }

    private static async Task CutAsync(ClusterRig rig, TestLine line, Random random)
    {
        line.Cut();
        await Task.Delay(random.Next(15_000));
        line.Heal();
        rig.CheckNodes();
    }

    private static async Task StopAsync(ClusterRig rig, string name)
    {
        rig.Node(name).Signal(FeedsProgram.SigTerm);
        Assert.Equal(0, await rig.EndAsync(name));
        rig.Start(name);
    }

    private static int? Number(string variable) => int.TryParse(
        Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number : null;

    private static void Note(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
