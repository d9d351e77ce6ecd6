using System.CommandLine;
using System.Text.Json;
using Feeds.Configuration;
using Feeds.Http;

namespace Feeds.Commands;

/// <summary><c>feeds config</c>: what a node would run with, and what there is to set.</summary>
internal sealed class ConfigCommand : FeedsCommand
{
    /// <summary>Makes the command.</summary>
    public ConfigCommand()
        : base("config", "Show and check the configuration", "feeds config show", "feeds config reference > feeds.yaml")
    {
        Subcommands.Add(new ShowCommand());
        Subcommands.Add(new ReferenceCommand());
    }

    /// <summary>A key as it would be used.</summary>
    private sealed record KeyDocument(string Key, string Value, string Origin);

    private sealed class ShowCommand : FeedsCommand
    {
        private readonly ConfigOptions _options = new();
        private readonly Option<bool> _json = new("--json") { Description = "As JSON" };

        public ShowCommand()
            : base(
                "show",
                "Check the configuration and show every key with its value and where that was written; secrets are "
                + "masked",
                "feeds config show --config config/feeds.yaml")
        {
            _options.AddTo(this);
            Options.Add(_json);
            SetAction(RunAsync);
        }

        private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
        {
            LoadedConfiguration loaded = _options.Load(parsed);
            IEnumerable<KeyDocument> keys = ConfigKeys.All.Select(key => new KeyDocument(
                key.Path, key.Write(loaded.Options), loaded.Origins.GetValueOrDefault(key.Path, "default")));
            if (parsed.GetValue(_json))
            {
                await Console.Out.WriteLineAsync(JsonSerializer.Serialize(keys, StatusDocuments.IndentedJson));
                return ExitCode.Ok;
            }
            foreach (KeyDocument key in keys)
                await Console.Out.WriteLineAsync(
                    $"{key.Key} = {key.Value}{(key.Origin == "default" ? "" : $"   # {key.Origin}")}".AsMemory(),
                    cancellationToken);
            return ExitCode.Ok;
        }
    }

    private sealed class ReferenceCommand : FeedsCommand
    {
        public ReferenceCommand()
            : base("reference", "Print a configuration file with every key, its default and what is allowed",
                "feeds config reference > feeds.yaml") =>
            SetAction(static _ => Console.Out.Write(ReferenceFile.Write()));
    }
}
