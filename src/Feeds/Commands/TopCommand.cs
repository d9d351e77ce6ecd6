using System.CommandLine;
using Feeds.Http;
using Feeds.Terminal;

namespace Feeds.Commands;

/// <summary><c>feeds top</c>: the status as a live table.</summary>
internal sealed class TopCommand : FeedsCommand
{
    private readonly NodeClient.Options _node = new();

    private readonly Option<int> _every = NumberOption.Whole("--every", "Seconds between looks, 1 without it", 1, 3600);

    /// <summary>Makes the command.</summary>
    public TopCommand()
        : base("top", "Watch a running node in a live table until Ctrl-C", "feeds top",
            "feeds top --url http://127.0.0.1:8080 --every 5")
    {
        _node.AddTo(this);
        Options.Add(_every);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using NodeClient client = _node.Make(parsed);
        Screen screen = Screen.OfProcess();
        await new LiveView(screen, TimeProvider.System, Console.Error).RunAsync(
            async token => StatusView.Of(await client.GetAsync<StatusDocument>("/status", token), screen.Width),
            TimeSpan.FromSeconds(Math.Max(1, parsed.GetValue(_every))),
            cancellationToken);
        return ExitCode.Ok;
    }
}
