using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Feeds.Simulator;
using Xunit;

namespace Feeds.System.Tests.Program;

/// <summary>
/// Secrets that nobody may ever see: run with them, look at everything that comes out, find none of them.
/// </summary>
public sealed class SecretTests : IDisposable
{
    private const string Token = "canary-token-4f7d1c9a2b";
    private const string Postgres = "canary-postgres-8e21b7";
    private const string Redis = "canary-redis-57ac90";
    private const string Proxy = "canary-proxy-c03d6e";

    private static readonly string[] Secrets =
        [Token, Postgres, Redis, Proxy, Convert.ToBase64String(Encoding.UTF8.GetBytes($"me:{Proxy}")),
            Convert.ToBase64String(Encoding.UTF8.GetBytes(Token))];

    private static readonly string[] Pages =
        ["/", "/dashboard.js", "/status", "/health", "/healthz", "/readyz", "/metrics", "/actors",
            "/actors/inspect?path=streams", "/symbols", "/nowhere"];

    private readonly TemporaryFolder _folder = new();
    private readonly StringBuilder _seen = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_node_that_works_shows_none_of_its_secrets()
    {
        await using VenueTwin venue = await VenueTwin.StartAsync(
            new VenueTwinOptions { Symbols = ["BTCUSDT", "ETHUSDT"] }, TimeProvider.System);
        Dictionary<string, string> environment = Environment(venue);
        await using FeedsProgram node = FeedsProgram.Start(_folder.Path, environment, "run");
        Uri address = await AddressAsync(node);
        using HttpClient client = new() { BaseAddress = address };
        await UntilAsync(async () =>
        {
            using HttpRequestMessage ready = new(HttpMethod.Get, "/readyz");
            return (await client.SendAsync(ready)).IsSuccessStatusCode;
        });
        See(await File.ReadAllTextAsync($"/proc/{node.Id}/cmdline"));
        foreach (string? token in new[] { Token, "wrong-wrong-wrong-wrong", null })
        {
            client.DefaultRequestHeaders.Authorization = token is null
                ? null : new AuthenticationHeaderValue("Bearer", token);
            foreach (string page in Pages)
            {
                await SeeAsync(await client.GetAsync(page));
                await SeeAsync(
                    await client.PostAsync(
                        page, JsonContent.Create(new { path = "symbols/NOBODY", symbol = "NOBODY", token })));
            }
        }

        await AskAsync(environment, "status", "--url", address.ToString());
        await AskAsync(environment, "actors", "tree", "--json", "--url", address.ToString());
        await AskAsync(
            environment, "health", "--url", address.ToString(), "--token-file",
            _folder.Write("secrets.wrong", "wrong-wrong-wrong-wrong"));
        await AskAsync(environment, "config", "show");
        await AskAsync(environment, "config", "show", "--json");
        node.Signal(FeedsProgram.SigTerm);
        Assert.Equal(0, await node.EndAsync());
        See(node.Output, node.Errors);
        await FoundNoneAsync(atLeastFiles: 3);
    }

    [Fact]
    public async Task What_goes_wrong_shows_none_of_the_secrets()
    {
        await using VenueTwin venue = await VenueTwin.StartAsync(
            new VenueTwinOptions { Symbols = ["BTCUSDT", "ETHUSDT"] }, TimeProvider.System);
        Dictionary<string, string> environment = Environment(venue);

        // Nobody listens behind these; whether the node starts without them or refuses, it says why.
        environment["FEEDS__EXCHANGE__PROXY"] = $"http://me:{Proxy}@127.0.0.1:9";
        environment["FEEDS__STORAGE__POSTGRES_FILE"] = _folder.Write(
            "secrets.postgres", $"Host=127.0.0.1;Port=9;Username=me;Password={Postgres};Timeout=1");
        environment["FEEDS__STORAGE__REDIS_FILE"] = _folder.Write("secrets.redis", $"127.0.0.1:9,password={Redis}");
        await using (FeedsProgram node = FeedsProgram.Start(_folder.Path, environment, "run"))
        {
            await UntilAsync(
                () => Task.FromResult(node.HasEnded || LogText().Contains("WARN", StringComparison.OrdinalIgnoreCase)));
            if (!node.HasEnded)
            {
                node.Signal(FeedsProgram.SigTerm);
                await node.EndAsync();
            }

            See(node.Output, node.Errors);
            Assert.True(node.Errors.Length > 0, "what went wrong is said");
        }

        await AskAsync(environment, "config", "show");

        // And values that cannot be read at all.
        foreach ((string key, string value) in new[]
        {
            ("FEEDS__EXCHANGE__PROXY", $"gopher://me:{Proxy}@127.0.0.1:9"),
            ("FEEDS__STORAGE__POSTGRES", $"nonsense {Postgres}"),
            ("FEEDS__STORAGE__REDIS", $"nonsense://{Redis}"),
            ("FEEDS__HTTP__TOKEN", "canary"),
        })
        {
            Dictionary<string, string> broken = new(environment) { [key] = value };
            await using FeedsProgram node = FeedsProgram.Start(_folder.Path, broken, "config", "show");
            await node.EndAsync();
            See(node.Output, node.Errors);
        }

        await FoundNoneAsync(atLeastFiles: 0);
    }

    private Dictionary<string, string> Environment(VenueTwin venue) => new()
    {
        ["FEEDS__EXCHANGE__REST_URL"] = venue.RestUrl,
        ["FEEDS__EXCHANGE__STREAM_URL"] = venue.StreamUrl,
        ["FEEDS__DATA_FEEDS__SYMBOLS"] = "[BTCUSDT,ETHUSDT]",
        ["FEEDS__DATA_FEEDS__INTERVAL_SEC"] = "1",
        ["FEEDS__HTTP__BIND"] = "127.0.0.1:0",
        ["FEEDS__HTTP__TOKEN_FILE"] = _folder.Write("secrets.token", Token),
    };

    private static async Task<Uri> AddressAsync(FeedsProgram node)
    {
        string output = await node.UntilAsync("listening on ");
        return new Uri(
            output[(output.IndexOf("listening on ", StringComparison.Ordinal) + 13)..].Split('\n')[0].Trim());
    }

    private string LogText() =>
        string.Concat(Files().Where(static file => file.EndsWith(".log", StringComparison.Ordinal)).Select(ReadShared));

    private IEnumerable<string> Files() => Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories)
        .Where(static file => !Path.GetFileName(file).StartsWith("secrets.", StringComparison.Ordinal));

    private static string ReadShared(string file)
    {
        using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using StreamReader reader = new(stream, Encoding.Latin1);
        return reader.ReadToEnd();
    }

    private void See(params string[] texts) => _seen.AppendJoin('\n', texts).Append('\n');

    private async Task SeeAsync(HttpResponseMessage answer)
    {
        See($"{answer.Headers} {answer.Content.Headers} {await answer.Content.ReadAsStringAsync()}");
        answer.Dispose();
    }

    private async Task AskAsync(Dictionary<string, string> environment, params string[] arguments)
    {
        await using FeedsProgram program = FeedsProgram.Start(_folder.Path, environment, arguments);
        await program.EndAsync();
        See(program.Output, program.Errors);
    }

    // Every byte of every file that is there, and all that was said.
    private async Task FoundNoneAsync(int atLeastFiles)
    {
        string[] files = [.. Files()];
        Assert.True(files.Length >= atLeastFiles, $"{files.Length} files");
        foreach (string file in files)
        {
            byte[] bytes = await File.ReadAllBytesAsync(file);
            Assert.DoesNotContain(Secrets, secret => bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) >= 0);
        }

        string seen = _seen.ToString();
        Assert.True(seen.Length > 1_000, "there was something to look at");
        Assert.DoesNotContain(Secrets, secret => seen.Contains(secret, StringComparison.Ordinal));
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(90),
                "what was waited for did not come");
            await Task.Delay(20);
        }
    }
}
