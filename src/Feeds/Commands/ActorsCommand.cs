using System.CommandLine;
using Feeds.Http;
using Feeds.Terminal;
using Spectre.Console;

namespace Feeds.Commands;

/// <summary><c>feeds actors</c>: looks at the actors of a running node, and acts on one.</summary>
internal sealed class ActorsCommand : FeedsCommand
{
    /// <summary>Makes the command.</summary>
    public ActorsCommand()
        : base("actors", "Look at the actors of a running node, and act on one", "feeds actors tree",
            "feeds actors inspect symbols/BTCUSDT")
    {
        Subcommands.Add(new TreeCommand());
        Subcommands.Add(new InspectCommand());
        Subcommands.Add(new ChangeCommand(
            "restart",
            "Restart an actor: a new instance, earlier failures forgotten; brings back one that is parked or stopped"));
        Subcommands.Add(new ChangeCommand(
            "stop", "Stop an actor, its mailbox worked off first; it stays in the tree as STOPPED until it is restarted"));
    }

    private static Argument<string> PathArgument() => new("path")
    {
        Description = "The actor, such as symbols/BTCUSDT, streams/market-1 or polling/funding",
        HelpName = "PATH",
    };

    private static async Task<IEnumerable<string>> PathsAsync(NodeClient client, CancellationToken cancellationToken) =>
        Below(await client.GetAsync<ActorDocument>("/actors", cancellationToken)).Select(static actor => actor.Path);

    private static IEnumerable<ActorDocument> Below(ActorDocument actor) =>
        actor.Children.SelectMany(static child => Below(child).Prepend(child));

    private sealed class TreeCommand() : LookCommand(
        "tree", "Show all actors: state, mailbox, rates, restarts, last failure", "feeds actors tree",
        "feeds actors tree --json")
    {
        protected override async Task<Look> LookAsync(
            NodeClient client, ParseResult parsed, CancellationToken cancellationToken)
        {
            ActorDocument root = await client.GetAsync<ActorDocument>("/actors", cancellationToken);
            return new Look(root, screen => ActorView.Tree(root, screen.Width));
        }
    }

    private sealed class InspectCommand : LookCommand
    {
        private readonly Argument<string> _path = PathArgument();

        public InspectCommand()
            : base(
                "inspect",
                "Show an actor's state: a symbol's rolling values, a stream's connection, a poller's last results",
                "feeds actors inspect symbols/BTCUSDT",
                "feeds actors inspect streams/market-1 --json --watch --every 5") => Arguments.Add(_path);

        protected override Task<IEnumerable<string>> WordsAsync(
            NodeClient client, CancellationToken cancellationToken) =>
            PathsAsync(client, cancellationToken);

        protected override async Task<Look> LookAsync(
            NodeClient client, ParseResult parsed, CancellationToken cancellationToken)
        {
            string path = Uri.EscapeDataString(parsed.GetValue(_path)!);
            ActorDocument actor = await client.GetAsync<ActorDocument>(
                $"/actors/inspect?path={path}", cancellationToken);
            return new Look(actor, _ => ActorView.Inspection(actor));
        }
    }

    private sealed class ChangeCommand : NodeCommand
    {
        private readonly Argument<string> _path = PathArgument();
        private readonly string _verb;

        public ChangeCommand(string verb, string description)
            : base(verb, description, $"feeds actors {verb} symbols/BTCUSDT")
        {
            _verb = verb;
            Arguments.Add(_path);
        }

        protected override Task<IEnumerable<string>> WordsAsync(
            NodeClient client, CancellationToken cancellationToken) =>
            PathsAsync(client, cancellationToken);

        protected override async Task<int> AskAsync(
            NodeClient client, ParseResult parsed, CancellationToken cancellationToken)
        {
            DoneDocument done = await client.PostAsync<ActorRequest, DoneDocument>(
                $"/actors/{_verb}", new ActorRequest(parsed.GetValue(_path)), cancellationToken);
            Show(parsed, done, _ => new Text(PlainText.Of(done.Done) + "\n"));
            return ExitCode.Ok;
        }
    }
}
