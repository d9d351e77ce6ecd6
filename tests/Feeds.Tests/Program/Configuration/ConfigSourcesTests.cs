using Feeds.Configuration;
using Xunit;

namespace Feeds.Tests.Program.Configuration;

public sealed class ConfigSourcesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("feeds-config-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_command_line_wins_over_the_environment_and_that_over_the_file()
    {
        Write("feeds.yaml", "data_feeds: { interval_sec: 1, depth_levels: 1, depth_stream_levels: 5 }");
        LoadedConfiguration loaded = Load(
            new() { ["FEEDS__DATA_FEEDS__INTERVAL_SEC"] = "2", ["FEEDS__DATA_FEEDS__DEPTH_LEVELS"] = "2" },
            new ConfigOverride("data_feeds.interval_sec", "3", "--interval"));

        Assert.Equal((3, 2, 5), (
            loaded.Options.DataFeeds.IntervalSec, loaded.Options.DataFeeds.DepthLevels,
            loaded.Options.DataFeeds.DepthStreamLevels));
        Assert.Equal("--interval", loaded.Origins["data_feeds.interval_sec"]);
        Assert.Equal("FEEDS__DATA_FEEDS__DEPTH_LEVELS", loaded.Origins["data_feeds.depth_levels"]);
        Assert.Equal("feeds.yaml:1", loaded.Origins["data_feeds.depth_stream_levels"]);
    }

    [Fact]
    public void The_file_in_the_folder_config_is_found_first()
    {
        Write("feeds.yaml", "data_feeds: { interval_sec: 1 }");
        Write("config/feeds.yaml", "data_feeds: { interval_sec: 2 }");

        Assert.Equal(2, Load([]).Options.DataFeeds.IntervalSec);
    }

    [Fact]
    public void Lists_come_with_commas_where_only_a_text_can_be_given() =>
        Assert.Equal(
            ["A1", "B2"],
            Load(new() { ["FEEDS__DATA_FEEDS__SYMBOLS"] = "A1, B2" }).Options.DataFeeds.Symbols.Select(s => s.Text));

    [Fact]
    public void An_unknown_variable_is_refused()
    {
        ConfigurationException e = Assert.Throws<ConfigurationException>(
            () => Load(new() { ["FEEDS__DATA_FEEDS__INTERVALL_SEC"] = "2" }));

        Assert.Equal(
            ["FEEDS__DATA_FEEDS__INTERVALL_SEC: unknown variable (did you mean FEEDS__DATA_FEEDS__INTERVAL_SEC?)"],
            e.Errors);
    }

    [Fact]
    public void A_secret_on_the_command_line_is_refused_and_not_repeated()
    {
        ConfigurationException e = Assert.Throws<ConfigurationException>(
            () => Load([], new ConfigOverride("http.token", "canary-canary-canary", "--set")));

        Assert.StartsWith("http.token: not on the command line", Assert.Single(e.Errors), StringComparison.Ordinal);
        Assert.DoesNotContain("canary", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FEEDS__HTTP__TOKEN", "canary")]
    [InlineData("FEEDS__EXCHANGE__PROXY", "gopher://me:canary@host:1")]
    public void A_secret_that_will_not_do_is_not_repeated(string variable, string value)
    {
        ConfigurationException e = Assert.Throws<ConfigurationException>(() => Load(new() { [variable] = value }));

        Assert.Contains("***", Assert.Single(e.Errors), StringComparison.Ordinal);
        Assert.DoesNotContain("canary", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_comes_from_a_file_and_is_not_shown()
    {
        Write("token", "canary-canary-canary\n");
        FeedsOptions options = Load(new() { ["FEEDS__HTTP__TOKEN_FILE"] = Path.Combine(_folder, "token") }).Options;

        Assert.Equal("canary-canary-canary", options.Http.Token!.Reveal());
        Assert.DoesNotContain("canary", options.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(
            "canary", string.Concat(ConfigKeys.All.Select(k => k.Write(options))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_short_token_file_is_refused()
    {
        Write("token", "short");

        ConfigurationException e = Assert.Throws<ConfigurationException>(
            () => Load(new() { ["FEEDS__HTTP__TOKEN_FILE"] = Path.Combine(_folder, "token") }));
        Assert.EndsWith(
            "must hold one line of at least 16 characters", Assert.Single(e.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_named_file_that_is_not_there_is_refused()
    {
        ConfigurationException e = Assert.Throws<ConfigurationException>(
            () => ConfigLoader.Load(new ConfigSources { File = Path.Combine(_folder, "none.yaml") }));

        Assert.Contains("cannot be read", Assert.Single(e.Errors), StringComparison.Ordinal);
    }

    private LoadedConfiguration Load(Dictionary<string, string> environment, params ConfigOverride[] overrides) =>
        ConfigLoader.Load(new ConfigSources { Folder = _folder, Environment = environment, Overrides = overrides });

    private void Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
