using System.CommandLine;
using System.Text.Json;
using Feeds.Commands;
using Feeds.Core.Catalogue;
using Xunit;

namespace Feeds.Tests.Program.Commands;

public sealed class FeaturesCommandTests
{
    [Fact]
    public void The_list_as_JSON_has_every_feature_with_its_fields()
    {
        (int code, string output, _) = Run("list", "--json");
        Assert.Equal(0, code);
        JsonElement[] features = [.. JsonDocument.Parse(output).RootElement.EnumerateArray()];
        Assert.Equal(FeatureCatalogue.All.Select(f => f.Name), features.Select(f => f.GetProperty("name").GetString()));
        foreach (JsonElement feature in features)
        {
            Assert.All(
                (string[])["name", "group", "window", "unit", "formula", "source"],
                field => Assert.False(string.IsNullOrEmpty(feature.GetProperty(field).GetString())));
            Assert.True(feature.GetProperty("warmup").GetInt32() >= 0);
        }
    }

    [Fact]
    public void The_list_can_be_narrowed()
    {
        (_, string output, _) = Run("list", "--set", "golden", "--group", "context");
        Assert.Equal(
            ["tod_sin", "tod_cos", "tow_sin", "tow_cos"],
            output.TrimEnd().Split('\n').Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public void A_feature_is_described_and_an_unknown_one_is_named()
    {
        (int code, string output, _) = Run("describe", "tfi_decay");
        Assert.Equal(0, code);
        Assert.Contains("2^(-age / 5 min)", output, StringComparison.Ordinal);
        Assert.Contains("cov_trades_1h, at least 0.8", output, StringComparison.Ordinal);
        (code, _, string error) = Run("describe", "nope");
        Assert.Equal(2, code);
        Assert.Contains("'nope'", error, StringComparison.Ordinal);
    }

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        int code = new FeaturesCommand().Parse(args).Invoke(
            new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
