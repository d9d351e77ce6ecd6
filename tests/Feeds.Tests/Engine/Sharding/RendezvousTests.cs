using Feeds.Core.Market;
using Feeds.Engine.Sharding;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Feeds.Tests.Engine.Sharding;

public sealed class RendezvousTests
{
    private static readonly Symbol[] Symbols = [.. Enumerable.Range(0, 400).Select(
        static i => Symbol.Parse($"COIN{i}USDT"))];

    [Fact]
    public void A_weight_is_the_same_on_every_machine()
    {
        // Computed by hand in Python: FNV-1a of "a", FF, "BTCUSDT", then SplitMix64's finish.
        Assert.Equal(6200786945204683805UL, Rendezvous.Weight("a", "BTCUSDT"));
        Assert.Equal(9778598852133770300UL, Rendezvous.Weight("node-1", "币安人生USDT"));
    }

    [Fact]
    public void A_node_that_is_started_again_gets_its_symbols_back() => Assert.All(
        Symbols,
        static symbol => Assert.Equal(
            Rendezvous.OwnerOf(symbol, ["a@1", "b@1", "c@1"]) == "b@1",
            Rendezvous.OwnerOf(symbol, ["a@1", "b@2", "c@1"]) == "b@2"));

    [Fact]
    public void Nobody_owns_without_nodes() => Assert.Null(Rendezvous.OwnerOf(Symbols[0], []));

    [Fact]
    public void The_order_of_the_nodes_does_not_matter() => Prop.ForAll<int>(seed =>
    {
        string[] nodes = Nodes(seed, 5);
        string[] turned = [.. nodes.Reverse()];
        Assert.All(
            Symbols, symbol => Assert.Equal(Rendezvous.OwnerOf(symbol, nodes), Rendezvous.OwnerOf(symbol, turned)));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_node_that_joins_takes_its_share_from_each_and_nothing_else_moves() =>
        Prop.ForAll<int, PositiveInt>((seed, count) =>
    {
        string[] nodes = Nodes(seed, 2 + (count.Get % 7));
        string[] more = [.. nodes, "joined"];
        int moved = 0;
        foreach (Symbol symbol in Symbols)
        {
            string? before = Rendezvous.OwnerOf(symbol, nodes);
            string? after = Rendezvous.OwnerOf(symbol, more);
            Assert.True(after == before || after == "joined");
            moved += after == before ? 0 : 1;
        }

        // Five standard deviations of a fair draw.
        double share = 1.0 / more.Length;
        double deviation = Math.Sqrt(Symbols.Length * share * (1 - share));
        Assert.InRange(moved, (Symbols.Length * share) - (5 * deviation), (Symbols.Length * share) + (5 * deviation));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_node_that_goes_leaves_its_own_and_nothing_else_moves() => Prop.ForAll<int>(seed =>
    {
        string[] nodes = Nodes(seed, 5);
        string[] fewer = nodes[1..];
        foreach (Symbol symbol in Symbols)
        {
            string? before = Rendezvous.OwnerOf(symbol, nodes);
            Assert.True(before == nodes[0] || before == Rendezvous.OwnerOf(symbol, fewer));
        }
    }).QuickCheckThrowOnFailure();

    private static string[] Nodes(int seed, int count) =>
        [.. Enumerable.Range(0, count).Select(i => $"node{i}-{seed}")];
}
