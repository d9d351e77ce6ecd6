using System.CommandLine;
using Feeds.Configuration;
using Feeds.Storage.Schema;

namespace Feeds.Commands.Journals;

/// <summary>The PostgreSQL that a node's configuration names, for commands that go there past the node.</summary>
internal sealed class ConfiguredDatabase
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    private readonly Option<string?> _config = new("--config", "-c")
    {
        Description =
            "The configuration file that names the database (storage.postgres or storage.postgres_file), as a node "
            + "takes it",
        HelpName = "FILE",
    };

    /// <summary>Adds <c>--config</c> to a command.</summary>
    public void AddTo(Command command) => command.Options.Add(_config);

    /// <summary>Whether a file was named.</summary>
    public bool IsNamed(ParseResult parsed) => parsed.GetValue(_config) is not null;

    /// <summary>Returns the configuration and the way to its database; statements may take long.</summary>
    /// <exception cref="ConfigurationException">It names none.</exception>
    public (FeedsOptions Options, PostgresDatabase Database) Open(ParseResult parsed)
    {
        FeedsOptions options = ConfigLoader.Load(
            new ConfigSources
            {
                File = parsed.GetValue(_config),
                Environment = Environment.GetEnvironmentVariables()
            }).Options;
        return options.Storage.Postgres is { } connection
            ? (options, new PostgresDatabase(
                new PostgresOptions
                {
                    ConnectionString = connection.Reveal(),
                    StatementTimeout = Patience,
                    IdleInTransaction = Patience
                }))
            : throw new ConfigurationException("storage.postgres: is not set; it names the database");
    }
}
