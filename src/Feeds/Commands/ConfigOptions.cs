using System.CommandLine;
using Feeds.Configuration;

namespace Feeds.Commands;

/// <summary>The options that say how a node is configured.</summary>
internal sealed class ConfigOptions
{
    private readonly Option<string?> _config = new("--config", "-c")
    {
        Description =
            "The configuration file; without it config/feeds.yaml or feeds.yaml in the working folder, else the "
            + "defaults",
        HelpName = "FILE",
    };

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Sets a key, such as --set data_feeds.depth_levels=5; may be given several times",
        HelpName = "KEY=VALUE",
    };

    private readonly Option<string?> _interval = new(
        "--interval")
    { Description = "Seconds between rows", HelpName = "N" };

    private readonly Option<string?> _symbols = new(
        "--symbols")
    { Description = "What to watch, with commas", HelpName = "A,B" };

    private readonly Option<string?> _dataDir = new(
        "--data-dir")
    { Description = "The folder of rows, logs and small state", HelpName = "DIR" };

    private readonly Option<string?> _bind = new(
        "--bind")
    {
        Description = "Address and port of the endpoint; port 0 takes a free one",
        HelpName = "ADDRESS:PORT"
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_config);
        command.Options.Add(_interval);
        command.Options.Add(_symbols);
        command.Options.Add(_dataDir);
        command.Options.Add(_bind);
        command.Options.Add(_set);
    }

    /// <summary>Returns the configuration of file, environment and these options.</summary>
    /// <exception cref="ConfigurationException">A key is unknown or a value impossible.</exception>
    public LoadedConfiguration Load(ParseResult parsed)
    {
        List<ConfigOverride> overrides = [];
        Add(overrides, "data_feeds.interval_sec", parsed.GetValue(_interval), "--interval");
        Add(overrides, "data_feeds.symbols", parsed.GetValue(_symbols), "--symbols");
        Add(overrides, "http.bind", parsed.GetValue(_bind), "--bind");
        if (parsed.GetValue(_dataDir) is { } folder) overrides.AddRange(InFolder(folder));
        foreach (string said in parsed.GetValue(_set) ?? []) overrides.Add(Parse(said));
        return ConfigLoader.Load(new ConfigSources
        {
            File = parsed.GetValue(_config),
            Environment = Environment.GetEnvironmentVariables(),
            Overrides = overrides,
        });
    }

    /// <summary>Returns what <c>--data-dir</c> means: the folder, and the rows in it.</summary>
    public static IEnumerable<ConfigOverride> InFolder(string folder) =>
    [
        new("storage.data_dir", folder, "--data-dir"),
        new("data_feeds.sinks.csv_path", Path.Combine(folder, "feeds_log.csv"), "--data-dir"),
    ];

    /// <summary>Returns a configuration that no file and no environment has a say in.</summary>
    public static FeedsOptions Isolated(IEnumerable<ConfigOverride> overrides) =>
        ConfigLoader.Load(new ConfigSources { Folder = null, Overrides = [.. overrides] }).Options;

    private static void Add(List<ConfigOverride> overrides, string key, string? value, string option)
    {
        if (value is not null) overrides.Add(new ConfigOverride(key, value, option));
    }

    private static ConfigOverride Parse(string said)
    {
        int equals = said.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? new ConfigOverride(said[..equals].Trim(), said[(equals + 1)..].Trim(), "--set")
            : throw new ConfigurationException($"--set {said}: must be KEY=VALUE");
    }
}
