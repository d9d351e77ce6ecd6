using Feeds.Core.Market;
using Feeds.Engine;
using Feeds.Engine.Health;
using Feeds.Engine.Symbols;
using Xunit;

namespace Feeds.Tests.Engine.Health;

public sealed class StatusBoardTests
{
    private const long Start = 1_795_219_200_000;

    // Two intervals and five seconds.
    private const long Limit = 7_000;

    [Fact]
    public void A_member_of_a_cluster_owes_rows_only_from_the_first_symbol_that_it_gets()
    {
        StatusBoard member = BoardOf(new ClusterMembership("a", static () => "http://a:8080"));
        Assert.False(member.AreRowsOverdue([], Start, Start + 3_600_000));
        SymbolEntry[] entries = [Entry(Start + 3_600_000), Entry(Start + 3_605_000)];
        Assert.False(member.AreRowsOverdue(entries, Start, Start + 3_600_000 + Limit));
        Assert.True(member.AreRowsOverdue(entries, Start, Start + 3_600_000 + Limit + 1));
        Assert.False(member.AreRowsOverdue(entries, Start + 3_606_000, Start + 3_606_000 + Limit));
    }

    [Fact]
    public void A_node_alone_owes_rows_from_its_start()
    {
        StatusBoard alone = BoardOf(null);
        Assert.False(alone.AreRowsOverdue([], Start, Start + Limit));
        Assert.True(alone.AreRowsOverdue([], Start, Start + Limit + 1));
        Assert.True(alone.AreRowsOverdue([Entry(Start)], Start, Start + Limit + 1));
    }

    private static SymbolEntry Entry(long startTime) =>
        new(Symbol.Parse("BTCUSDT"), new SymbolGauges()) { StartTime = startTime };

    private static StatusBoard BoardOf(ClusterMembership? cluster) => new(
        new NodeOptions
        {
            Symbols = [],
            RestUrl = new Uri("http://127.0.0.1:1"),
            StreamUrl = new Uri("ws://127.0.0.1:1"),
            DataDirectory = "data",
            CsvPath = "rows.csv",
            Interval = TimeSpan.FromSeconds(1),
            Cluster = cluster,
        },
        new SymbolSettings(1_000, 3, SymbolSettings.AllFeeds),
        new Universe());
}
