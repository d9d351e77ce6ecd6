using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;
using Feeds.Commands;
using Feeds.Configuration;
using Npgsql;
using Xunit;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Feeds.Tests.Program.Configuration;

/// <summary>
/// The compose file against the program itself: every variable is a key with a value that is allowed, addresses, ports,
/// folders and secrets are those that the image and the other services have.
/// </summary>
public sealed partial class ComposeTests : IDisposable
{
    private const string Data = "/data";

    private static readonly string Docker = Path.Combine(Root(), "docker");
    private readonly string _folder = Directory.CreateTempSubdirectory("feeds-compose-").FullName;
    private readonly string _text = File.ReadAllText(Path.Combine(Docker, "compose.yaml"));
    private readonly Dictionary<object, object> _file;

    public ComposeTests()
    {
        MergingParser parser = new(new Parser(new StringReader(_text)));
        _file = new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(parser);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string> Nodes => ["node1", "node2", "node3"];

    [Theory]
    [MemberData(nameof(Nodes))]
    public void A_nodes_variables_are_a_configuration_of_a_member(string name)
    {
        FeedsOptions options = OptionsOf(name);
        Assert.True(options.Cluster.Enabled);
        Assert.Equal(name, options.Cluster.NodeId);
        Assert.Equal(name, At(_file, "services", name, "hostname"));
        Assert.Equal("secret-of-16-letters", options.Http.Token!.Reveal());
        NpgsqlConnectionStringBuilder database = new(options.Storage.Postgres!.Reveal());
        Assert.Equal("postgres", database.Host);
        object?[] there =
        [
            At(_file, "services", "postgres", "environment", "POSTGRES_USER"),
            At(_file, "services", "postgres", "environment", "POSTGRES_PASSWORD"),
            At(_file, "services", "postgres", "environment", "POSTGRES_DB"),
        ];
        Assert.Equal<object?>([database.Username, database.Password, database.Database], there);
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public void A_node_listens_where_its_port_leads_and_keeps_its_files_on_a_volume_of_its_own(string name)
    {
        FeedsOptions options = OptionsOf(name);
        string[] port = ((string)Assert.Single((IEnumerable<object>)At(_file, "services", name, "ports"))).Split(':');
        Assert.Equal("127.0.0.1", port[0]);
        Assert.Equal(options.Http.Bind, "0.0.0.0:" + port[2]);
        Assert.Equal(Data, options.Storage.DataDir);
        Assert.StartsWith(
            Data + "/", Path.GetFullPath(options.DataFeeds.Sinks.CsvPath!, "/"), StringComparison.Ordinal);
        string volume = (string)Assert.Single((IEnumerable<object>)At(_file, "services", name, "volumes"));
        Assert.Equal($"{name}:{Data}", volume);
        Assert.Contains(name, ((IDictionary<object, object>)At(_file, "volumes")).Keys);
    }

    [Fact]
    public void No_two_nodes_share_a_port_and_each_is_stopped_with_patience()
    {
        string[] ports = [.. Nodes.Select(node => (string)((IList)At(_file, "services", node.Data, "ports"))[0]!)];
        Assert.Equal(ports.Length, ports.Distinct().Count());
        Assert.All(Nodes, node => Assert.Equal("30s", At(_file, "services", node.Data, "stop_grace_period")));
        Assert.Equal(
            ["node1", "node2", "node3", "postgres"],
            ((IDictionary<object, object>)At(_file, "services")).Keys.Cast<string>().Order());
    }

    [Fact]
    public void The_image_is_built_from_files_that_are_there_and_runs_commands_that_the_program_has()
    {
        string context = Path.GetFullPath((string)At(_file, "services", "node1", "build", "context"), Docker);
        Assert.Equal(Root(), context);
        string dockerfile = File.ReadAllText(
            Path.Combine(context, (string)At(_file, "services", "node1", "build", "dockerfile")));
        Assert.Contains("FEEDS__STORAGE__DATA_DIR=" + Data, dockerfile, StringComparison.Ordinal);
        Assert.Contains("VOLUME " + Data, dockerfile, StringComparison.Ordinal);
        Assert.Contains("ENTRYPOINT [\"feeds\"]", dockerfile, StringComparison.Ordinal);
        FeedsCommand[] commands = [new RunCommand(), new HealthCommand()];
        foreach (FeedsCommand command in commands)
        {
            Assert.Contains($"\"{command.Name}\"]", dockerfile, StringComparison.Ordinal);
        }

        string project = Assert.Single(ProjectRule().Matches(dockerfile)).Groups[1].Value;
        Assert.True(Directory.Exists(Path.Combine(context, project)), project);
    }

    // As docker mounts them: the secrets that a service names, under /run/secrets.
    private FeedsOptions OptionsOf(string name)
    {
        Dictionary<string, string> variables = new() { ["FEEDS__STORAGE__DATA_DIR"] = Data };
        foreach ((object key, object value) in (IDictionary<object, object>)At(_file, "services", name, "environment"))
        {
            variables[(string)key] = (string)value;
        }

        foreach (object secret in (IEnumerable<object>)At(_file, "services", name, "secrets"))
        {
            string file = (string)At(_file, "secrets", (string)secret, "file");
            string content = (string)secret == "token"
                ? "secret-of-16-letters" : HeadRule().Match(_text).Groups[1].Value;
            Assert.Contains($"> docker/{file}", _text, StringComparison.Ordinal);
            string mounted = Path.Combine(_folder, (string)secret);
            File.WriteAllText(mounted, content);
            foreach (string key in variables.Keys.ToArray())
            {
                variables[key] = variables[key].Replace(
                    string.Create(CultureInfo.InvariantCulture, $"/run/secrets/{secret}"), mounted,
                    StringComparison.Ordinal);
            }
        }

        Assert.DoesNotContain(
            variables.Values, static value => value.StartsWith("/run/secrets/", StringComparison.Ordinal));
        return ConfigLoader.Load(new ConfigSources { Folder = null, Environment = variables }).Options;
    }

    private static string Root()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Feeds.sln")))
        {
            at = at.Parent;
        }

        return at!.FullName;
    }

    private static object At(object from, params string[] path) =>
        path.Aggregate(from, static (at, key) => ((IDictionary<object, object>)at)[key]);

    [GeneratedRegex("\"(Host=[^\"]+)\" > docker/postgres.txt")]
    private static partial Regex HeadRule();

    [GeneratedRegex("dotnet publish (\\S+)")]
    private static partial Regex ProjectRule();
}
