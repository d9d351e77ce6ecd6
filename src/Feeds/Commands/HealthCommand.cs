using System.CommandLine;
using System.Text.Json;
using Feeds.Http;

namespace Feeds.Commands;

/// <summary><c>feeds health</c>: a verdict with an exit code, for scripts and containers.</summary>
internal sealed class HealthCommand : FeedsCommand
{
    private readonly NodeClient.Options _node = new();
    private readonly Option<bool> _json = new("--json") { Description = "As JSON" };

    /// <summary>Makes the command.</summary>
    public HealthCommand()
        : base(
            "health",
            "Check a running node: exit code 0 when HEALTHY, 1 when DEGRADED, 2 when none answers",
            "feeds health && echo fine",
            "feeds health --url http://127.0.0.1:8080 --json")
    {
        _node.AddTo(this);
        Options.Add(_json);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using NodeClient client = _node.Make(parsed);
        HealthDocument health = await client.GetAsync<HealthDocument>("/health", cancellationToken);
        if (parsed.GetValue(_json)) await Console.Out.WriteLineAsync(JsonSerializer.Serialize(health, StatusDocuments.IndentedJson));
        else await Console.Out.WriteAsync(health.ToText());
        return health.IsHealthy ? ExitCode.Ok : ExitCode.Failed;
    }
}
