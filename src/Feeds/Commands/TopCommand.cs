using System.CommandLine;
using Feeds.Http;
using Feeds.Terminal;

namespace Feeds.Commands;

/// <summary><c>feeds top</c>: the status as a live table.</summary>
internal sealed class TopCommand : FeedsCommand
{
    private readonly NodeClient.Options _node = new();

    private readonly Option<double> _every = new("--every")
    {
        Description = "Seconds between looks, 0.2 to 3600",
        HelpName = "N",
        DefaultValueFactory = static _ => 1,
    };

    /// <summary>Makes the command.</summary>
    public TopCommand()
        : base("top", "Watch a running node in a live table until Ctrl-C", "feeds top", "feeds top --url http://127.0.0.1:8080 --every 5")
    {
        _node.AddTo(this);
        Options.Add(_every);
        _every.Validators.Add(result =>
        {
            if (result.GetValue(_every) is not (>= 0.2 and <= 3600)) result.AddError("--every: must be 0.2 to 3600");
        });
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using NodeClient client = _node.Make(parsed);
        LiveStatus live = new(Screen.OfProcess(), TimeProvider.System);
        await live.RunAsync(
            async token => await client.GetAsync<StatusDocument>("/status", token),
            TimeSpan.FromSeconds(parsed.GetValue(_every)),
            eachTickOnly: false,
            cancellationToken);
        return ExitCode.Ok;
    }
}
