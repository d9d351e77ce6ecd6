using System.CommandLine;
using Feeds.Http;
using Spectre.Console;

namespace Feeds.Commands;

/// <summary><c>feeds health</c>: a verdict with an exit code, for scripts and containers.</summary>
internal sealed class HealthCommand() : NodeCommand(
    "health",
    "Check a running node: exit code 0 when HEALTHY, 1 when DEGRADED, 2 when none answers",
    "feeds health && echo fine",
    "feeds health --url http://127.0.0.1:8080 --json")
{
    /// <inheritdoc/>
    protected override async Task<int> AskAsync(NodeClient client, ParseResult parsed, CancellationToken cancellationToken)
    {
        HealthDocument health = await client.GetAsync<HealthDocument>("/health", cancellationToken);
        Show(parsed, health, _ => new Text(health.ToText()));
        return health.IsHealthy ? ExitCode.Ok : ExitCode.Failed;
    }
}
