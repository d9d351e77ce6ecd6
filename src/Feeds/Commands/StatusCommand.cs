using System.CommandLine;
using System.Text.Json;
using Feeds.Http;
using Feeds.Terminal;

namespace Feeds.Commands;

/// <summary><c>feeds status</c>: how a node stands, once.</summary>
internal sealed class StatusCommand : FeedsCommand
{
    private readonly NodeClient.Options _node = new();
    private readonly Option<bool> _json = new("--json") { Description = "As JSON" };

    /// <summary>Makes the command.</summary>
    public StatusCommand()
        : base(
            "status",
            "Show how a running node stands: OK or DEGRADED, counters, and a table of its symbols",
            "feeds status",
            "feeds status --url http://127.0.0.1:8080 --json")
    {
        _node.AddTo(this);
        Options.Add(_json);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using NodeClient client = _node.Make(parsed);
        StatusDocument status = await client.GetAsync<StatusDocument>("/status", cancellationToken);
        if (parsed.GetValue(_json))
        {
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(status, StatusDocuments.IndentedJson));
        }
        else
        {
            Screen screen = Screen.OfProcess();
            screen.Console.Write(StatusView.Of(status, screen.Width));
        }
        return status.DataFeeds == "OK" ? ExitCode.Ok : ExitCode.Failed;
    }
}
