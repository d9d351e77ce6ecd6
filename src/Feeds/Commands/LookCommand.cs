using System.CommandLine;
using System.Text.Json;
using Feeds.Http;
using Feeds.Terminal;

namespace Feeds.Commands;

/// <summary>A command that only looks at a running node: once, or again and again until Ctrl-C.</summary>
internal abstract class LookCommand : NodeCommand
{
    private readonly Option<bool> _watch = new(
        "--watch", "-w")
    { Description = "Look again and again until Ctrl-C; with --json a line for each look" };
    private readonly Option<int> _every = NumberOption.Whole(
        "--every", "With --watch: seconds between looks, 1 without it", 1, 3600);

    /// <summary>Names the command and gives it its options.</summary>
    protected LookCommand(string name, string description, params string[] examples)
        : base(name, description, examples)
    {
        Options.Add(_watch);
        Options.Add(_every);
        Validators.Add(result =>
        {
            if (result.GetResult(_every) is { Implicit: false } && !result.GetValue(_watch))
                result.AddError("--every says how often --watch looks, and is nothing without it");
        });
    }

    /// <summary>Asks once.</summary>
    protected abstract Task<Look> LookAsync(NodeClient client, ParseResult parsed, CancellationToken cancellationToken);

    /// <inheritdoc/>
    protected sealed override async Task<int> AskAsync(
        NodeClient client, ParseResult parsed, CancellationToken cancellationToken)
    {
        if (!parsed.GetValue(_watch))
        {
            Look look = await LookAsync(client, parsed, cancellationToken);
            Show(parsed, look.Answer, look.View);
            return look.Code;
        }

        bool json = parsed.GetValue(Json);
        Screen screen = json ? Screen.OfText(Console.Out) : Screen.OfProcess();
        await new LiveView(screen, TimeProvider.System, Console.Error).RunAsync(
            async token =>
            {
                Look look = await LookAsync(client, parsed, token);
                if (!json) return look.View(screen);
                await Console.Out.WriteLineAsync(JsonSerializer.Serialize(look.Answer, StatusDocuments.Json));
                return null;
            },
            TimeSpan.FromSeconds(Math.Max(1, parsed.GetValue(_every))),
            cancellationToken);
        return ExitCode.Ok;
    }
}
