using System.CommandLine;
using System.Globalization;
using Feeds.Http;
using Feeds.Terminal;
using Spectre.Console;

namespace Feeds.Commands;

/// <summary><c>feeds cluster</c>: nodes, who owns what, and how one leaves. Any node may be asked.</summary>
internal sealed class ClusterCommand : FeedsCommand
{
    /// <summary>Makes the command.</summary>
    public ClusterCommand()
        : base(
            "cluster",
            "Look at the nodes that share the symbols, and take one out",
            "feeds cluster members",
            "feeds cluster shards --url http://node2:8080")
    {
        Subcommands.Add(new MembersCommand());
        Subcommands.Add(new ShardsCommand());
        Subcommands.Add(new LeaveCommand());
    }

    private static string Cell(string? text, int width) => PlainText.Of(text ?? "-").PadRight(width);

    private sealed class MembersCommand() : LookCommand(
        "members", "List the nodes: state, symbols, when the lease ends", "feeds cluster members",
        "feeds cluster members --watch")
    {
        protected override async Task<Look> LookAsync(
            NodeClient client, ParseResult parsed, CancellationToken cancellationToken)
        {
            ClusterDocument cluster = await client.GetAsync<ClusterDocument>("/cluster", cancellationToken);
            int width = cluster.Members.Select(static m => m.Node.Length).DefaultIfEmpty().Max() + 2;
            return new Look(cluster.Members, _ => new Rows(cluster.Members.Select(m => new Text(string.Create(
                CultureInfo.InvariantCulture,
                $"{Cell(m.Node, width)}{m.State,-10}{m.Symbols,5} symbols  until "
                + $"{m.ExpiryTime?.ToString("HH:mm:ss", CultureInfo.InvariantCulture) ?? "-"}  "
                + $"{PlainText.Of(m.Address)}")))));
        }
    }

    private sealed class ShardsCommand() : LookCommand(
        "shards", "List the symbols: owner and epoch", "feeds cluster shards", "feeds cluster shards --json")
    {
        protected override async Task<Look> LookAsync(
            NodeClient client, ParseResult parsed, CancellationToken cancellationToken)
        {
            ClusterDocument cluster = await client.GetAsync<ClusterDocument>("/cluster", cancellationToken);
            int width = cluster.Shards.Select(static s => PlainText.Of(s.Symbol).Length).DefaultIfEmpty().Max() + 2;
            return new Look(
                cluster.Shards,
                _ => new Rows(cluster.Shards.Select(s => new Text(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Cell(s.Symbol, width)}{s.State,-10}epoch {s.Epoch,-6}{Cell(s.Owner, 0)}")))),
                cluster.Shards.All(static s => s.State == "OWNED") ? ExitCode.Ok : ExitCode.Failed);
        }
    }

    private sealed class LeaveCommand : NodeCommand
    {
        private readonly Argument<string> _name = new(
            "node")
        { Description = "The node's name, or name and start such as a@3", HelpName = "NODE" };

        public LeaveCommand()
            : base("leave", "Ask a node to hand its symbols over and stop", "feeds cluster leave node2") =>
                Arguments.Add(_name);

        protected override async Task<int> AskAsync(
            NodeClient client, ParseResult parsed, CancellationToken cancellationToken)
        {
            DoneDocument done = await client.PostAsync<LeaveRequest, DoneDocument>(
                "/cluster/leave", new LeaveRequest(parsed.GetValue(_name)), cancellationToken);
            Show(parsed, done, _ => new Text(PlainText.Of(done.Done) + "\n"));
            return ExitCode.Ok;
        }
    }
}
