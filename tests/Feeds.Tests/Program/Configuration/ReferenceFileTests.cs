using Feeds.Configuration;
using Xunit;

namespace Feeds.Tests.Program.Configuration;

public sealed class ReferenceFileTests
{
    private static string Text =>
        File.ReadAllText(Path.Combine(Root(), "config", "feeds.yaml")).ReplaceLineEndings("\n");

    [Fact]
    public void The_file_is_what_the_code_says() => Assert.Equal(ReferenceFile.Write(), Text);

    [Fact]
    public void Every_key_stands_in_the_file_and_at_its_default()
    {
        LoadedConfiguration loaded = ConfigLoader.Parse(Text);
        FeedsOptions defaults = new();

        Assert.Equal(ConfigKeys.All.Select(k => k.Path).Order(), loaded.Origins.Keys.Order());
        foreach (ConfigKey key in ConfigKeys.All)
            Assert.Equal((key.Path, key.Write(defaults)), (key.Path, key.Write(loaded.Options)));
    }

    [Fact]
    public void Every_option_of_the_code_has_a_key()
    {
        // A new property without a key would never be settable: count the leaves of the records against the keys.
        Assert.Equal(ConfigKeys.All.Count, Leaves(typeof(FeedsOptions)));
    }

    [Fact]
    public void Every_key_has_a_meaning_or_says_that_it_lacks() =>
        Assert.All(ConfigKeys.All, key => Assert.True(key.Meaning.Length > 0 ^ key.Lacking is not null, key.Path));

    private static int Leaves(Type type) => type.GetProperties()
        .Sum(p => p.PropertyType.Namespace == type.Namespace
            && p.PropertyType.Name.EndsWith("Options", StringComparison.Ordinal)
            ? Leaves(p.PropertyType) : 1);

    private static string Root()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Feeds.sln"))) at = at.Parent;
        return at!.FullName;
    }
}
