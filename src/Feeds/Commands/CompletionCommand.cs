using System.CommandLine;

namespace Feeds.Commands;

/// <summary>
/// <c>feeds completion</c>: a script that lets a shell complete commands, options, actors and symbols.
/// </summary>
internal sealed class CompletionCommand : FeedsCommand
{
    private const string Bash = """
        _feeds() {
          local IFS=$'\n'
          COMPREPLY=($(feeds complete "$COMP_POINT" "$COMP_LINE" 2>/dev/null))
        }
        complete -o default -F _feeds feeds

        """;

    private const string Zsh = """
        _feeds() {
          local -a words
          words=("${(@f)$(feeds complete "$CURSOR" "$BUFFER" 2>/dev/null)}")
          compadd -a words
        }
        compdef _feeds feeds

        """;

    private const string Fish = """
        complete -c feeds -f -a '(feeds complete (commandline -C) (commandline) 2>/dev/null)'

        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName feeds -ScriptBlock {
          param($word, $line, $cursor)
          feeds complete $cursor "$line" | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
        }

        """;

    private readonly Argument<string> _shell = new(
        "shell")
    { Description = "bash, zsh, fish or pwsh", HelpName = "SHELL" };

    /// <summary>Makes the command.</summary>
    public CompletionCommand()
        : base("completion", "Print a script that teaches a shell to complete our words",
            "source <(feeds completion bash)")
    {
        _shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "pwsh");
        Arguments.Add(_shell);
        SetAction(parsed => Console.Out.Write(parsed.GetValue(_shell) switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            "fish" => Fish,
            _ => PowerShell,
        }));
    }
}
