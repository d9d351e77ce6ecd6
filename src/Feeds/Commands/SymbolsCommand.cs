using System.CommandLine;
using Feeds.Http;
using Feeds.Terminal;
using Spectre.Console;

namespace Feeds.Commands;

/// <summary><c>feeds symbols</c>: what a running node watches, and changes to it.</summary>
internal sealed class SymbolsCommand : FeedsCommand
{
    /// <summary>Makes the command.</summary>
    public SymbolsCommand()
        : base("symbols", "List, add and remove the symbols of a running node", "feeds symbols list",
            "feeds symbols add ADAUSDT")
    {
        Subcommands.Add(new ListCommand());
        Subcommands.Add(new ChangeCommand(
            "add", "Watch one more symbol; it is checked against the exchange's list, and remembered over restarts"));
        Subcommands.Add(
            new ChangeCommand(
                "remove", "Watch a symbol no longer; its last row is written, and that is remembered over restarts"));
    }

    private sealed class ListCommand()
        : LookCommand("list", "List the watched symbols and how each stands", "feeds symbols list --json")
    {
        protected override async Task<Look> LookAsync(
            NodeClient client, ParseResult parsed, CancellationToken cancellationToken)
        {
            IReadOnlyList<WatchedDocument> symbols = await client.GetAsync<IReadOnlyList<WatchedDocument>>(
                "/symbols", cancellationToken);
            int width = symbols.Select(static s => PlainText.Of(s.Symbol).GetCellWidth()).DefaultIfEmpty().Max();
            return new Look(symbols, _ => new Rows(symbols.Select(s => new Text(
                $"{PlainText.Of(s.Symbol)}{new string(' ', width - PlainText.Of(s.Symbol).GetCellWidth())}  "
                + $"{s.Health}"))));
        }
    }

    private sealed class ChangeCommand : NodeCommand
    {
        private readonly string _verb;

        private readonly Argument<string[]> _symbols = new("symbol")
        {
            Description = "One or more symbols, as the exchange writes them",
            HelpName = "SYMBOL",
            Arity = ArgumentArity.OneOrMore,
        };

        public ChangeCommand(string verb, string description)
            : base(verb, description, $"feeds symbols {verb} ADAUSDT", $"feeds symbols {verb} ADAUSDT 币安人生USDT")
        {
            _verb = verb;
            Arguments.Add(_symbols);
        }

        // What could be added is not known here: the exchange lists hundreds.
        protected override async Task<IEnumerable<string>> WordsAsync(
            NodeClient client, CancellationToken cancellationToken) => _verb == "remove"
            ? (await client.GetAsync<IReadOnlyList<WatchedDocument>>("/symbols", cancellationToken)).Select(
                static s => s.Symbol)
            : [];

        protected override async Task<int> AskAsync(
            NodeClient client, ParseResult parsed, CancellationToken cancellationToken)
        {
            foreach (string symbol in parsed.GetValue(_symbols)!)
            {
                DoneDocument done = await client.PostAsync<SymbolRequest, DoneDocument>(
                    $"/symbols/{_verb}", new SymbolRequest(symbol), cancellationToken);
                Show(parsed, done, _ => new Text(PlainText.Of(done.Done) + "\n"));
            }
            return ExitCode.Ok;
        }
    }
}
