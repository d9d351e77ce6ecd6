using System.CommandLine;

namespace Feeds.Commands;

/// <summary>A command with examples for its help.</summary>
internal abstract class FeedsCommand : Command
{
    /// <summary>Names it and says what it does.</summary>
    protected FeedsCommand(string name, string description, params string[] examples)
        : base(name, description) => Examples = examples;

    /// <summary>Command lines that work as they stand.</summary>
    public IReadOnlyList<string> Examples { get; }
}
