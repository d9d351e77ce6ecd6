using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Feeds.Commands;

/// <summary>The usual help with the command's examples below.</summary>
internal sealed class ExampleHelp(HelpAction usual) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        int code = usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is not FeedsCommand { Examples.Count: > 0 } command) return code;
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine(command.Examples.Count == 1 ? "Example:" : "Examples:");
        foreach (string example in command.Examples) output.WriteLine($"  {example}");
        output.WriteLine();
        return code;
    }
}
