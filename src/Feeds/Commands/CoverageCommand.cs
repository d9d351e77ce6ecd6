using System.CommandLine;
using System.Text.Json;
using Feeds.Configuration;
using Feeds.Core.Coverage;
using Feeds.Core.Market;
using Feeds.Http;
using Feeds.Storage.Journals;
using Feeds.Terminal;

using Symbol = Feeds.Core.Market.Symbol;

namespace Feeds.Commands;

/// <summary><c>feeds coverage</c>: what was observed of each feed, from a running node or from a journal.</summary>
internal sealed class CoverageCommand : FeedsCommand
{
    private readonly NodeClient.Options _node = new();

    private readonly Option<string?> _dataDir = new("--data-dir")
    {
        Description = "Read the journal in DIR/journal instead of asking a node",
        HelpName = "DIR",
    };

    private readonly Option<string?> _symbols = new(
        "--symbols")
    { Description = "Only these symbols, with commas", HelpName = "A,B" };

    private readonly Option<string?> _feed = new(
        "--feed")
    { Description = "Only this feed: depth, trades, mark, bars or liq", HelpName = "FEED" };

    private readonly Option<string?> _window = new(
        "--window")
    { Description = "Only this window: 1m, 5m, 1h, 8h, 24h or 7d", HelpName = "WINDOW" };

    private readonly Option<int> _minutes = NumberOption.Whole(
        "--minutes", "Also a line for each of the last N whole minutes", 0, CoverageRoutes.MaxMinutes);

    private readonly Option<bool> _holes = new(
        "--holes")
    { Description = "Also a line for each hole: from, to, why, and whether it was filled" };

    private readonly Option<bool> _json = new("--json") { Description = "As JSON, holes included" };

    /// <summary>Makes the command.</summary>
    public CoverageCommand()
        : base(
            "coverage",
            "Show how much of each feed was observed, by symbol and window, and where its holes are",
            "feeds coverage --symbols BTCUSDT --holes",
            "feeds coverage --data-dir data --feed trades --minutes 60 --json")
    {
        _feed.AcceptOnlyFromAmong([.. new CoverageLedger().Feeds.Select(static each => each.Feed.Name())]);
        _window.AcceptOnlyFromAmong([.. CoverageLedger.Windows.Select(static each => each.Name)]);
        _node.AddTo(this);
        Options.Add(_dataDir);
        Options.Add(_symbols);
        Options.Add(_feed);
        Options.Add(_window);
        Options.Add(_minutes);
        Options.Add(_holes);
        Options.Add(_json);
        SetAction(
            (parsed, cancellationToken) => Task.Run(() => RunAsync(parsed, cancellationToken), cancellationToken));
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        IReadOnlyList<CoverageDocument> all = parsed.GetValue(_dataDir) is { } folder
            ? OfJournal(parsed, folder, cancellationToken)
            : await OfNodeAsync(parsed, cancellationToken);
        CoverageDocument[] documents =
            [.. all.Select(
                d => d with { Feeds = [.. d.Feeds.Where(f => Is(_feed, f.Feed)).Select(
                    f => f with { Windows = [.. f.Windows.Where(w => Is(_window, w.Window))] })] })];
        TextWriter output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(_json))
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(documents, StatusDocuments.IndentedJson));
        }
        else if (documents.Length == 0)
        {
            await output.WriteLineAsync("no coverage is kept: features are off, or there are no symbols");
        }
        else
        {
            Screen screen = ReferenceEquals(output, Console.Out) ? Screen.OfProcess() : Screen.OfText(output);
            screen.Console.Write(CoverageView.Of(documents, parsed.GetValue(_holes)));
        }

        return documents.Length > 0 ? ExitCode.Ok : ExitCode.NothingInCommon;

        bool Is(Option<string?> option, string value) =>
            parsed.GetValue(option) is not { } wanted || string.Equals(wanted, value, StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<CoverageDocument>> OfNodeAsync(
        ParseResult parsed, CancellationToken cancellationToken)
    {
        using NodeClient client = _node.Make(parsed);
        string symbols = Uri.EscapeDataString(parsed.GetValue(_symbols) ?? string.Empty);
        return await client.GetAsync<CoverageDocument[]>(
            FormattableString.Invariant($"/coverage?symbols={symbols}&minutes={parsed.GetValue(_minutes)}"),
            cancellationToken);
    }

    private List<CoverageDocument> OfJournal(ParseResult parsed, string directory, CancellationToken cancellationToken)
    {
        string folder = Path.Combine(directory, "journal");
        JournalReader reader = new(folder);
        if (!reader.Exists)
        {
            throw new ConfigurationException($"--data-dir = {directory}: there is no journal in {folder}");
        }

        IReadOnlyCollection<Symbol> known = reader.Symbols();
        List<Symbol> wanted = [];
        foreach (string name in (parsed.GetValue(_symbols) ?? string.Empty).Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            wanted.Add(Symbol.TryParse(name, out Symbol? symbol) && known.Contains(symbol)
                ? symbol
                : throw new ConfigurationException(
                    $"--symbols = {PlainText.Of(name)}: the journal in {folder} holds nothing of it"));
        }

        // From the newest snapshot on: only the state at the end is wanted.
        Journals.DamageReport damage = new(parsed.InvocationConfiguration.Error);
        FoldOptions options = new()
        {
            Symbols = wanted.Count > 0 ? wanted : known,
            AfterTick = static _ => long.MaxValue,
            Cores = Environment.ProcessorCount,
        };
        try
        {
            return
            [
                .. new JournalFold(folder, damage).Run(options, static _ => { }, cancellationToken).Values
                    .Select(static each => each.State.ReportCoverage())
                    .OfType<SymbolCoverage>()
                    .OrderBy(static each => each.Symbol)
                    .Select(each => CoverageDocument.Of(each, parsed.GetValue(_minutes))),
            ];
        }
        catch (JournalVersionException e)
        {
            throw new ConfigurationException(e.Message);
        }
    }
}
