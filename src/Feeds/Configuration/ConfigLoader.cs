using Feeds.Terminal;

namespace Feeds.Configuration;

/// <summary>
/// Makes options of what file, environment and command line say, strictly: all is well, or nothing starts.
/// </summary>
internal sealed class ConfigLoader
{
    private const int MaxErrors = 10;

    private readonly Dictionary<string, ConfigNode> _values = [];
    private readonly List<string> _errors = [];

    /// <summary>Returns the options.</summary>
    /// <exception cref="ConfigurationException">A key is unknown or a value impossible: a line for each.</exception>
    public static LoadedConfiguration Load(ConfigSources sources)
    {
        ConfigLoader loader = new();
        string? file = sources.File;
        if (file is null && sources.Folder is { } folder)
            file = ConfigSources.FileNames.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        if (file is not null) loader.Take(ConfigFile.Read(file, FileSections));
        ConfigEnvironment.Read(sources.Environment, loader._values, loader._errors);
        foreach (ConfigOverride said in sources.Overrides) loader.Take(said);
        FeedsOptions options = loader.Options();
        return new LoadedConfiguration(
            options, file, loader._values.ToDictionary(static v => v.Key, static v => v.Value.Origin));
    }

    /// <summary>Returns the options of a YAML text alone.</summary>
    /// <exception cref="ConfigurationException">As <see cref="Load"/>.</exception>
    public static LoadedConfiguration Parse(string yaml, string name = "feeds.yaml")
    {
        ConfigLoader loader = new();
        using StringReader reader = new(yaml);
        loader.Take(ConfigFile.Parse(reader, name, FileSections));
        FeedsOptions options = loader.Options();
        return new LoadedConfiguration(
            options, null, loader._values.ToDictionary(static v => v.Key, static v => v.Value.Origin));
    }

    private static HashSet<string> FileSections => [.. ConfigKeys.Sections, "signals"];

    private void Take(ConfigNode root)
    {
        Walk(root with { Entries = [.. root.Entries!.Where(static e => e.Key != "signals")] }, "");

        // Somebody's bot's section: its symbols are ours to read, the rest is not even looked at.
        ConfigNode? signals = root.Entries!.FirstOrDefault(static e => e.Key == "signals").Value;
        ConfigNode? symbols = signals?.Entries?.LastOrDefault(static e => e.Key == "symbols").Value;
        if (symbols is { IsNull: false })
            _values["data_feeds.symbols"] = symbols with { Origin = $"{symbols.Origin}, signals.symbols" };
    }

    private void Walk(ConfigNode map, string prefix)
    {
        foreach ((string name, ConfigNode value) in map.Entries!)
        {
            string path = prefix + name;
            if (ConfigKeys.Find(path) is not null)
            {
                if (!_values.TryAdd(path, value)) _errors.Add($"{path}: stands twice{At(value)}");
            }
            else if (!ConfigKeys.IsGroup(path))
            {
                _errors.Add(Unknown(path, At(value)));
            }
            else if (value.Entries is not null)
            {
                Walk(value, path + ".");
            }
            else if (!value.IsNull)
            {
                _errors.Add($"{path} = {value.Show()}: must be a map of keys{At(value)}");
            }
        }
    }

    private void Take(ConfigOverride said)
    {
        if (ConfigKeys.Find(said.Key) is not { } key) _errors.Add(Unknown(said.Key, $" ({said.Option})"));
        else if (key.IsSecret)
            _errors.Add($"{key.Path}: not on the command line, where others see it; set {key.Variable} or name a file");
        else _values[said.Key] = ConfigEnvironment.Value(said.Value, said.Option);
    }

    private FeedsOptions Options()
    {
        FeedsOptions options = new();
        foreach (ConfigKey key in ConfigKeys.All)
        {
            if (!_values.TryGetValue(key.Path, out ConfigNode? node)) continue;
            if (!key.TryPut(node, ref options, out string error))
                _errors.Add($"{key.Path} = {Shown(key, node)}: {error}{At(node)}");
        }
        if (!_values.ContainsKey("data_feeds.sinks.csv_path")) options = ConfigRules.PutRowsInDataFolder(options);
        if (_errors.Count == 0) options = ConfigRules.Check(options, _errors);
        if (_errors.Count == 0) return options;
        if (_errors.Count > MaxErrors)
        {
            int more = _errors.Count - MaxErrors;
            _errors.RemoveRange(MaxErrors, more);
            _errors.Add($"and {more} more");
        }
        throw new ConfigurationException(_errors);
    }

    private static string Unknown(string path, string at)
    {
        string? near = ConfigKeys.Near(path, ConfigKeys.All.Select(static key => key.Path));
        return $"{PlainText.Of(path)}: unknown key{(near is null ? "" : $" (did you mean {near}?)")}{at}";
    }

    private static string Shown(ConfigKey key, ConfigNode node) =>
        key.IsSecret || (key.MayHoldPassword && node.Text?.Contains('@', StringComparison.Ordinal) == true)
            ? Secret.Mask : node.Show();

    private static string At(ConfigNode node) => $" ({node.Origin})";
}
