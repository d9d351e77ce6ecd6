using System.CommandLine;
using System.Text.Json;
using Feeds.Core.Catalogue;
using Feeds.Http;

namespace Feeds.Commands;

/// <summary><c>feeds features</c>: what is computed, and what each value means.</summary>
internal sealed class FeaturesCommand : FeedsCommand
{
    /// <summary>Makes the command.</summary>
    public FeaturesCommand()
        : base(
            "features",
            "List and describe the features: name, window, unit, formula, warm-up",
            "feeds features list --set golden",
            "feeds features describe rsi_14_1h")
    {
        Subcommands.Add(new ListCommand());
        Subcommands.Add(new DescribeCommand());
        Subcommands.Add(new FeaturesDiffCommand());
        Subcommands.Add(new DocumentCommand());
    }

    private static void WriteJson(TextWriter output, IEnumerable<FeatureDefinition> features) =>
        output.WriteLine(JsonSerializer.Serialize(features.Select(FeatureEntry.Of), StatusDocuments.IndentedJson));

    /// <summary>A feature as machines read it.</summary>
    private sealed record FeatureEntry(
        string Name,
        string Set,
        string Group,
        string Window,
        string Unit,
        string Scale,
        string Formula,
        string Source,
        string Inputs,
        int Warmup,
        string? Coverage,
        double? MinimumCoverage,
        string NullRule)
    {
        public static FeatureEntry Of(FeatureDefinition f) => new(
            f.Name,
            f.Set,
            f.Group,
            f.Window,
            f.Unit,
            JsonNamingPolicy.SnakeCaseLower.ConvertName(f.Scale.ToString()),
            f.Formula,
            f.Source,
            f.Inputs,
            f.WarmUpMinutes,
            f.CoverageColumn,
            f.CoverageColumn is null ? null : f.MinimumCoverage,
            f.NullRule);
    }

    private sealed class ListCommand : FeedsCommand
    {
        private readonly Option<string> _set = new(
            "--set")
        { Description = "Only this set: golden or wide", HelpName = "SET" };
        private readonly Option<string> _group = new(
            "--group")
        { Description = "Only this group, such as momentum", HelpName = "GROUP" };
        private readonly Option<bool> _json = new("--json") { Description = "As JSON; warm-ups in minutes" };

        public ListCommand()
            : base("list", "List the features in the order of their columns", "feeds features list --set golden",
                "feeds features list --json")
        {
            _set.AcceptOnlyFromAmong("golden", "wide");
            Options.Add(_set);
            Options.Add(_group);
            Options.Add(_json);
            SetAction(Run);
        }

        private int Run(ParseResult parsed)
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            string? set = parsed.GetValue(_set);
            string? group = parsed.GetValue(_group);
            FeatureDefinition[] features = [.. FeatureCatalogue.All.Where(f =>
                (set is null || string.Equals(f.Set, set, StringComparison.Ordinal))
                && (group is null || string.Equals(f.Group, group, StringComparison.Ordinal)))];
            if (parsed.GetValue(_json))
            {
                WriteJson(output, features);
                return ExitCode.Ok;
            }

            int width = features.Select(static f => f.Name.Length).DefaultIfEmpty().Max();
            foreach (FeatureDefinition feature in features)
            {
                string place = $"{feature.Set}/{feature.Group}";
                output.WriteLine($"{feature.Name.PadRight(width)}  {place,-22}  {feature.Window,-16}  {feature.Unit}");
            }

            return ExitCode.Ok;
        }
    }

    private sealed class DescribeCommand : FeedsCommand
    {
        private readonly Argument<string> _name = new(
            "name")
        { Description = "The feature's column name", HelpName = "NAME" };
        private readonly Option<bool> _json = new("--json") { Description = "As JSON; the warm-up in minutes" };

        public DescribeCommand()
            : base("describe", "Say how a feature is computed and when it is unknown",
                "feeds features describe tfi_decay")
        {
            _name.CompletionSources.Add(_ => FeatureCatalogue.All
                .Select(static f => new System.CommandLine.Completions.CompletionItem(f.Name)).DistinctBy(
                    static c => c.Label));
            Arguments.Add(_name);
            Options.Add(_json);
            SetAction(Run);
        }

        private int Run(ParseResult parsed)
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            string name = parsed.GetValue(_name)!;
            FeatureDefinition[] features = [.. FeatureCatalogue.All.Where(
                f => string.Equals(f.Name, name, StringComparison.Ordinal))];
            if (features.Length == 0)
            {
                parsed.InvocationConfiguration.Error.WriteLine(
                    $"no feature is named '{name}'; 'feeds features list' shows them all");
                return ExitCode.Usage;
            }

            if (parsed.GetValue(_json))
            {
                WriteJson(output, features);
                return ExitCode.Ok;
            }

            foreach (FeatureDefinition f in features)
            {
                output.WriteLine($"{f.Name}");
                output.WriteLine($"  set       {f.Set}, group {f.Group}, catalogue version {FeatureCatalogue.Version}");
                output.WriteLine($"  formula   {f.Formula}");
                output.WriteLine($"  window    {f.Window}");
                output.WriteLine(
                    $"  unit      {f.Unit}; scale {JsonNamingPolicy.SnakeCaseLower.ConvertName(f.Scale.ToString())}");
                output.WriteLine($"  source    {f.Source}: {f.Inputs}");
                output.WriteLine($"  warm-up   {FeatureDocument.WarmUp(f.WarmUpMinutes)}");
                output.WriteLine($"  unknown   {f.NullRule}");
                if (f.CoverageColumn is not null)
                    output.WriteLine(
                        FormattableString.Invariant(
                            $"  coverage  {f.CoverageColumn}, at least {f.MinimumCoverage:0.0}"));
                output.WriteLine();
            }

            return ExitCode.Ok;
        }
    }

    private sealed class DocumentCommand : FeedsCommand
    {
        public DocumentCommand()
            : base("document", "Print the documentation of all features as Markdown",
                "feeds features document > docs/features.md") =>
            SetAction(static parsed => parsed.InvocationConfiguration.Output.Write(FeatureDocument.Markdown()));
    }
}
