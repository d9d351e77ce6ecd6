using Feeds.Http;
using Xunit;

namespace Feeds.Tests.Program.Http;

public sealed class ClusterDocumentTests
{
    [Fact]
    public void It_tells_who_lives_who_owns_what_and_what_nobody_owns()
    {
        ClusterDocument cluster = ClusterDocument.Of(FakeNode.ClusterOf("a@7"));
        Assert.Equal(
            [("a@7", "ALIVE", 1), ("b@2", "DRAINING", 0), ("c@1", "DEAD", 1)],
            cluster.Members.Select(static member => (member.Node, member.State, member.Symbols)));
        Assert.Equal(
            [("BTCUSDT", "a@7", 4L, "OWNED"), ("ETHUSDT", "c@1", 2L, "ORPHANED"), ("SOLUSDT", null, 9L, "FREE")],
            cluster.Shards.Select(static shard => (shard.Symbol, shard.Owner, shard.Epoch, shard.State)));
        Assert.Equal((3, 2, 1, 5, 6), (
            cluster.Counters["taken"], cluster.Counters["handed_over"], cluster.Counters["lost"],
            cluster.Counters["fenced_writes"],
            cluster.Counters["discarded_rows"]));
    }

    [Fact]
    public void Before_the_referee_was_seen_it_tells_why()
    {
        ClusterDocument cluster = ClusterDocument.Of(
            FakeNode.ClusterOf("a@7") with { View = null, MayRelease = false, Trouble = "it is away" });
        Assert.Equal(("a@7", false, "it is away"), (cluster.Node, cluster.MayRelease, cluster.Trouble));
        Assert.Null(cluster.Time);
        Assert.Empty(cluster.Members);
        Assert.Empty(cluster.Shards);
    }
}
