using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Feeds.Commands.Journals;
using Feeds.Configuration;
using Feeds.Core.Catalogue;
using Feeds.Core.Symbols;
using Feeds.Http;
using Feeds.Storage.Journals;
using Feeds.Storage.Replay;
using Feeds.Terminal;

using Symbol = Feeds.Core.Market.Symbol;

namespace Feeds.Commands;

/// <summary>
/// <c>feeds features diff</c>: holds feature rows against others, bit for bit, and names the first cell that differs.
/// </summary>
internal sealed class FeaturesDiffCommand : FeedsCommand
{
    private readonly Argument<string> _first = new("first")
    {
        Description = "A node's data folder, whose journal is folded, or Parquet files of feature rows",
        HelpName = "FIRST",
    };

    private readonly Argument<string?> _second = new("second")
    {
        Description =
            "What to compare with; without it the same journal in the order in which its records became available, "
            + "as a batch has them",
        HelpName = "SECOND",
        DefaultValueFactory = static _ => null,
    };

    private readonly Option<string?> _symbols = new(
        "--symbols")
    { Description = "Only these symbols, with commas", HelpName = "A,B" };

    private readonly Option<bool> _json = new("--json") { Description = "As one line of JSON" };

    /// <summary>Makes the command.</summary>
    public FeaturesDiffCommand()
        : base(
            "diff",
            "Compare feature rows bit for bit: live, replayed and batch; name the first cell that differs",
            "feeds features diff data",
            "feeds features diff data data/feature_row --symbols BTCUSDT --json")
    {
        Arguments.Add(_first);
        Arguments.Add(_second);
        Options.Add(_symbols);
        Options.Add(_json);
        SetAction((parsed, cancellationToken) => Task.Run(() => Run(parsed, cancellationToken), cancellationToken));
    }

    private int Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        DamageReport damage = new(parsed.InvocationConfiguration.Error);
        IReadOnlyCollection<Symbol>? symbols = Symbols(parsed.GetValue(_symbols));
        string first = parsed.GetValue(_first)!;
        try
        {
            IReadOnlyDictionary<Symbol, List<FeatureRow>> a = Rows(first, symbols, damage, cancellationToken);
            IReadOnlyDictionary<Symbol, List<FeatureRow>> b = parsed.GetValue(_second) is { } second
                ? Rows(second, symbols, damage, cancellationToken)
                : new BatchFold(Journal(first) ?? throw NoRows(first), damage).Run(symbols, cancellationToken);
            FeatureComparison comparison = new();
            foreach (Symbol symbol in a.Keys.Union(b.Keys).Order())
            {
                comparison.Compare(a.GetValueOrDefault(symbol) ?? [], b.GetValueOrDefault(symbol) ?? []);
            }

            Say(parsed, comparison);
            return comparison.Identical + comparison.Different == 0 ? ExitCode.NothingInCommon
                : comparison.Different == 0 && damage.Count == 0 ? ExitCode.Ok
                : ExitCode.Failed;
        }
        catch (JournalVersionException e)
        {
            throw new ConfigurationException(e.Message);
        }
    }

    private void Say(ParseResult parsed, FeatureComparison comparison)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(_json))
        {
            output.WriteLine(JsonSerializer.Serialize(
                new
                {
                    comparison.Identical,
                    comparison.Different,
                    comparison.OnlyFirst,
                    comparison.OnlySecond,
                    First = comparison.First is { } f
                        ? new
                        {
                            Symbol = f.Symbol.Text,
                            Tick = DateTimeOffset.FromUnixTimeMilliseconds(f.Time),
                            f.Column,
                            f.First,
                            f.Second
                        }
                        : null,
                },
                StatusDocuments.Json));
            return;
        }

        if (comparison.First is { } cell)
        {
            output.WriteLine(PlainText.Of(string.Create(
                CultureInfo.InvariantCulture,
                $"first difference: {cell.Symbol} {JournalPlace.Text(cell.Time)} column {cell.Column}: "
                + $"{cell.First:R}, {cell.Second:R}")));
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"identical: {comparison.Identical} rows, different: {comparison.Different}, only in the first: "
            + $"{comparison.OnlyFirst}, only in the second: {comparison.OnlySecond}"));
    }

    private static IReadOnlyDictionary<Symbol, List<FeatureRow>> Rows(
        string path, IReadOnlyCollection<Symbol>? symbols, DamageReport damage, CancellationToken cancellationToken) =>
        Journal(path) is { } folder ? FeatureRowSource.OfJournal(folder, symbols, damage, cancellationToken)
        : FeatureRowSource.HasParquet(path) ? FeatureRowSource.OfParquet(path, symbols, cancellationToken)
        : throw NoRows(path);

    private static string? Journal(string path)
    {
        string folder = Path.Combine(path, "journal");
        return new JournalReader(folder).Exists ? folder : null;
    }

    private static ConfigurationException NoRows(string path) =>
        new($"{PlainText.Of(path)}: neither a data folder with a journal nor a Parquet file of feature rows");

    private static List<Symbol>? Symbols(string? text)
    {
        if (text is null)
        {
            return null;
        }

        List<Symbol> symbols = [];
        foreach (string name in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            symbols.Add(Symbol.TryParse(name, out Symbol? symbol, out string? error)
                ? symbol : throw new ConfigurationException($"--symbols: {error}"));
        }

        return symbols;
    }
}
