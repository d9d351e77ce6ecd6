using System.CommandLine;
using System.Text.Json;
using Feeds.Http;
using Feeds.Terminal;
using Spectre.Console.Rendering;

namespace Feeds.Commands;

/// <summary>A command that asks a running node one thing and shows the answer.</summary>
internal abstract class NodeCommand : FeedsCommand
{
    private readonly NodeClient.Options _node = new();

    /// <summary>Names the command and gives it the options that say which node.</summary>
    protected NodeCommand(string name, string description, params string[] examples)
        : base(name, description, examples)
    {
        _node.AddTo(this);
        Options.Add(Json);
        SetAction(RunAsync);
    }

    /// <summary>Whether machines read the answer.</summary>
    protected Option<bool> Json { get; } = new("--json") { Description = "As JSON" };

    /// <summary>Returns words that may stand for the argument, as the node that is meant knows them.</summary>
    public async Task<IEnumerable<string>> WordsAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using NodeClient client = _node.Make(parsed);
        return await WordsAsync(client, cancellationToken);
    }

    /// <summary>Returns words that may stand for the argument; none when a node knows none.</summary>
    protected virtual Task<IEnumerable<string>> WordsAsync(NodeClient client, CancellationToken cancellationToken) =>
        Task.FromResult<IEnumerable<string>>([]);

    /// <summary>Asks, shows the answer with <see cref="Show"/> and returns the exit code.</summary>
    protected abstract Task<int> AskAsync(NodeClient client, ParseResult parsed, CancellationToken cancellationToken);

    /// <summary>Writes the answer as JSON when that is wanted, else as people read it.</summary>
    protected void Show<T>(ParseResult parsed, T answer, Func<Screen, IRenderable> view)
    {
        if (parsed.GetValue(Json))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(answer, StatusDocuments.IndentedJson));
            return;
        }
        Screen screen = Screen.OfProcess();
        screen.Console.Write(view(screen));
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using NodeClient client = _node.Make(parsed);
        return await AskAsync(client, parsed, cancellationToken);
    }
}
