using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Feeds.Configuration;
using Feeds.Core;
using Feeds.Hosting;
using Feeds.Storage;
using Feeds.Terminal;

namespace Feeds.Commands;

/// <summary>Takes the words of the command line to a command, and what comes of it to an exit code.</summary>
internal static class CommandLine
{
    private const string Description =
        "Watches Binance USD-M futures, one actor per symbol, and writes feature rows.";

    /// <summary>Runs the command that the words name and returns the exit code.</summary>
    public static async Task<int> RunAsync(string[] args, IReadOnlyList<Command> commands)
    {
        HelpOption help = new();
        help.Action = new ExampleHelp((HelpAction)help.Action!);
        Command root = new("feeds", Description) { help, new VersionOption() };
        foreach (Command command in commands) root.Subcommands.Add(command);
        root.Subcommands.Add(new CompleteCommand(root));
        return await GuardedAsync(() => RunAsync(root, args));
    }

    private static async Task<int> RunAsync(Command root, string[] args)
    {
        ParseResult parsed = root.Parse(args);
        if (args.Length == 0)
        {
            await root.Parse(["--help"]).InvokeAsync(new InvocationConfiguration());
            return ExitCode.Usage;
        }
        if (parsed.Errors.Count > 0 && parsed.Action is not ExampleHelp) return Misused(parsed);
        using Interruption interruption = new();
        return await parsed.InvokeAsync(
            new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
            interruption.Token);
    }

    private static int Misused(ParseResult parsed)
    {
        // "Required command was not provided" comes first, but what was misspelled in its place says more.
        foreach (ParseError error in parsed.Errors.Skip(parsed.Errors.Count > 1 ? 1 : 0).Take(3))
            Say(Clear(error.Message));
        string path = string.Join(' ', Path(parsed.CommandResult).Reverse());
        Say($"try 'feeds{(path.Length == 0 ? "" : " " + path)} --help'");
        return ExitCode.Usage;
    }

    // "Cannot parse argument 'x' for option '--port' as expected type 'System.UInt16'." All our typed options are
    // numbers.
    private static string Clear(string message)
    {
        string[] parts = message.Split('\'');
        return message.StartsWith("Cannot parse argument", StringComparison.Ordinal) && parts.Length >= 5
            ? $"{parts[3]} = {parts[1]}: must be a number in its range" : message;
    }

    private static IEnumerable<string> Path(CommandResult result)
    {
        for (SymbolResult? at = result; at?.Parent is not null; at = at.Parent)
        {
            if (at is CommandResult command) yield return command.Command.Name;
        }
    }

    private static async Task<int> GuardedAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (ConfigurationException e)
        {
            foreach (string error in e.Errors) Say(error);
            return ExitCode.Usage;
        }
        catch (UnreachableException e)
        {
            Say(e.Message);
            return ExitCode.Usage;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Ok;
        }
        catch (StorageSuspectException e)
        {
            Say(e.Message);
            return ExitCode.DiskSuspect;
        }
        catch (Exception e) when (e is FeedsException or IOException or UnauthorizedAccessException)
        {
            Say(e.Message);
            return ExitCode.Failed;
        }

        // The boundary of the program: whatever it is, the caller gets one line and a code, and may ask for more.
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            Say($"unexpected {e.GetType().Name}: {e.Message}");
            if (Environment.GetEnvironmentVariable("FEEDS_TRACE") is "1")
            {
                await Console.Error.WriteLineAsync(e.ToString());
            }
            else
            {
                Say("FEEDS_TRACE=1 shows where");
            }
            return ExitCode.Failed;
        }
    }

    private static void Say(string line) => Console.Error.WriteLine($"feeds: {PlainText.Of(line)}");
}
