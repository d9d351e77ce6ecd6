namespace Feeds;

/// <summary>The program <c>feeds</c>: it lists the commands.</summary>
internal static class Program
{
    private static int Main() => 0;
}
