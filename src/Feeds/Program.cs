using Feeds.Commands;

namespace Feeds;

/// <summary>The program <c>feeds</c>: it lists the commands.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args) => CommandLine.RunAsync(
        args,
        [
            new RunCommand(),
            new DemoCommand(),
            new SimulateCommand(),
            new StatusCommand(),
            new HealthCommand(),
            new TopCommand(),
            new SymbolsCommand(),
            new ActorsCommand(),
            new ClusterCommand(),
            new ReplayCommand(),
            new JournalCommand(),
            new VerifyCommand(),
            new FeaturesCommand(),
            new CoverageCommand(),
            new BenchCommand(),
            new ConfigCommand(),
            new CompletionCommand(),
        ]);
}
