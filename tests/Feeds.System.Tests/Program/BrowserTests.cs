using System.Diagnostics;
using Feeds.Configuration;
using Feeds.Http;
using Feeds.Tests.Program.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Feeds.System.Tests.Program;

/// <summary>The dashboard in a real browser, over a node that says hostile things.</summary>
public sealed class BrowserTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_page_shows_the_node_and_runs_nothing_that_arrives_in_texts()
    {
        FakeNode node = new();
        node.Now = node.Now with { Reasons = ["<img src=x onerror=\"document.title='taken over'\">"] };

        string page = await ShowAsync(node, token: null);

        Assert.Contains("data_feeds: DEGRADED", page, StringComparison.Ordinal);
        Assert.Contains("<title>! Feeds DEGRADED</title>", page, StringComparison.Ordinal);
        Assert.Contains("币安人生USDT", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;document.title = 'taken over'&lt;/script&gt;", page, StringComparison.Ordinal);
        Assert.Contains("&lt;img src=x", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.Contains("depth:stale oi:http_429", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_with_a_token_asks_for_it_and_shows_nothing()
    {
        string page = await ShowAsync(new FakeNode(), new Secret("canary-canary-canary"));

        Assert.Contains(">locked<", page, StringComparison.Ordinal);
        Assert.Contains("This node wants its token", page, StringComparison.Ordinal);
        Assert.DoesNotContain("BTCUSDT", page, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", page, StringComparison.Ordinal);
    }

    private async Task<string> ShowAsync(FakeNode node, Secret? token)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/chromium"), "there is no /usr/bin/chromium here");
        await using NodeEndpoint endpoint = await NodeEndpoint.StartAsync(
            new HttpOptions { Bind = "127.0.0.1:0", Token = token }, node, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        ProcessStartInfo start = new(
            "/usr/bin/chromium",
            ["--headless", "--no-sandbox", "--disable-gpu", $"--user-data-dir={_folder.File("profile")}", "--timeout=4000", "--dump-dom", endpoint.Address.ToString()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process browser = Process.Start(start)!;
        Task<string> errors = browser.StandardError.ReadToEndAsync();
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(90));
        string page = await browser.StandardOutput.ReadToEndAsync(patience.Token);
        await browser.WaitForExitAsync(patience.Token);
        Assert.True(browser.ExitCode == 0, await errors);
        return page;
    }
}
