using Feeds.Configuration;
using Xunit;

namespace Feeds.Tests.Program.Configuration;

public sealed class NodeNamesTests
{
    [Theory]
    [InlineData("node1", true)]
    [InlineData("a", true)]
    [InlineData("rack-3.b_2", true)]
    [InlineData("", false)]
    [InlineData("node@1", false)] // the number of the start follows the last '@'
    [InlineData("node 1", false)]
    [InlineData("böhm", false)]
    [InlineData("a/b", false)] // it names files
    [InlineData("0123456789012345678901234567890123456789", true)]
    [InlineData("0123456789012345678901234567890123456789x", false)]
    public void Only_what_can_stand_in_a_file_and_before_a_number_is_a_name(string text, bool isName) =>
        Assert.Equal(isName, NodeNames.IsName(text));

    [Fact]
    public void A_name_that_is_configured_is_used_and_auto_is_machine_and_port()
    {
        FeedsOptions options = new() { Cluster = new ClusterOptions { NodeId = "node7" } };
        Assert.Equal("node7", NodeNames.Of(options));
        string auto = NodeNames.Of(options with
        {
            Cluster = new ClusterOptions { NodeId = "auto" },
            Http = new HttpOptions { Bind = "127.0.0.1:8099" },
        });
        Assert.EndsWith("-8099", auto, StringComparison.Ordinal);
        Assert.True(NodeNames.IsName(auto), auto);
    }
}
