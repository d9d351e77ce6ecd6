using System.CommandLine;
using Feeds.Http;
using Feeds.Terminal;

namespace Feeds.Commands;

/// <summary><c>feeds status</c>: how a node stands, once.</summary>
internal sealed class StatusCommand() : LookCommand(
    "status",
    "Show how a running node stands: OK or DEGRADED, counters, and a table of its symbols",
    "feeds status",
    "feeds status --url http://127.0.0.1:8080 --json",
    "feeds status --watch --every 5")
{
    /// <inheritdoc/>
    protected override async Task<Look> LookAsync(
        NodeClient client, ParseResult parsed, CancellationToken cancellationToken)
    {
        StatusDocument status = await client.GetAsync<StatusDocument>("/status", cancellationToken);
        return new Look(
            status, screen => StatusView.Of(status, screen.Width), status.DataFeeds == "OK"
                ? ExitCode.Ok : ExitCode.Failed);
    }
}
