using System.CommandLine;
using Feeds.Core;

namespace Feeds.Commands;

/// <summary><c>feeds complete</c>: what the shells' completion scripts call; not for people.</summary>
internal sealed class CompleteCommand : Command
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly Argument<int> _position = new("position");
    private readonly Argument<string> _line = new("line");
    private readonly Command _root;

    /// <summary>Makes the command.</summary>
    /// <param name="root">Where the words to complete are found.</param>
    public CompleteCommand(Command root)
        : base("complete", "Print the words that may stand at a position of a command line")
    {
        _root = root;
        Hidden = true;
        Arguments.Add(_position);
        Arguments.Add(_line);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string line = parsed.GetValue(_line)!;
        string before = line[..Math.Clamp(parsed.GetValue(_position), 0, line.Length)];
        string word = before[(before.LastIndexOf(' ') + 1)..];
        ParseResult said = _root.Parse(before[..^word.Length]);
        IEnumerable<string> words = said.CommandResult.Command.GetCompletions(
            System.CommandLine.Completions.CompletionContext.Empty).Select(static item => item.Label);
        if (said.CommandResult.Command is NodeCommand node)
            words = (await AskAsync(node, said, cancellationToken)).Concat(words);
        foreach (string fit in words.Where(w => Fits(w, word)).Distinct())
            await Console.Out.WriteLineAsync(Terminal.PlainText.Of(fit));
        return ExitCode.Ok;
    }

    // Options are offered to who began one; the help's other spellings are not.
    private static bool Fits(string offered, string word) =>
        offered.StartsWith(word, StringComparison.OrdinalIgnoreCase)
        && (offered.StartsWith("--", StringComparison.Ordinal) ? word.Length > 0 : !offered.StartsWith('-')
            && !offered.StartsWith('/'));

    // A shell must neither hang nor complain: a node that does not answer at once knows no words.
    private static async Task<IEnumerable<string>> AskAsync(
        NodeCommand node, ParseResult said, CancellationToken cancellationToken)
    {
        using CancellationTokenSource soon = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        soon.CancelAfter(Patience);
        try
        {
            return await node.WordsAsync(said, soon.Token);
        }
        catch (Exception e) when (e is FeedsException or OperationCanceledException)
        {
            return [];
        }
    }
}
