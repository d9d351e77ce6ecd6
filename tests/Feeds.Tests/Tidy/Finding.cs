namespace Feeds.Tests.Tidy;

/// <summary>A place in the sources that is not as the house wants it.</summary>
/// <param name="Path">The file, relative to the root, with forward slashes.</param>
/// <param name="Line">One-based; 0 when it is about the whole file.</param>
/// <param name="Rule">The short name of the rule, as the list of exceptions uses it.</param>
/// <param name="What">What is wrong, and what to use instead.</param>
internal sealed record Finding(string Path, int Line, string Rule, string What)
{
    public override string ToString() => $"{Path}:{Line}: {What} [{Rule}]";
}
