using System.CommandLine;
using Feeds.Http;
using Spectre.Console;

namespace Feeds.Commands;

/// <summary><c>feeds health</c>: a verdict with an exit code, for scripts and containers.</summary>
internal sealed class HealthCommand() : LookCommand(
    "health",
    "Check a running node: exit code 0 when HEALTHY, 1 when DEGRADED, 2 when none answers",
    "feeds health && echo fine",
    "feeds health --url http://127.0.0.1:8080 --json")
{
    /// <inheritdoc/>
    protected override async Task<Look> LookAsync(
        NodeClient client, ParseResult parsed, CancellationToken cancellationToken)
    {
        HealthDocument health = await client.GetAsync<HealthDocument>("/health", cancellationToken);
        return new Look(health, _ => new Text(health.ToText()), health.IsHealthy ? ExitCode.Ok : ExitCode.Failed);
    }
}
