using Feeds.Configuration;
using Feeds.Http;
using Feeds.Tests.Program.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Playwright;
using Xunit;

namespace Feeds.System.Tests.Program;

/// <summary>The dashboard in a real browser, over a node that says hostile things.</summary>
public sealed class BrowserTests
{
    [Fact]
    public async Task The_page_shows_the_node_and_runs_nothing_that_arrives_in_texts()
    {
        FakeNode node = new();
        node.Now = node.Now with { Reasons = ["<img src=x onerror=\"document.title='taken over'\">"] };
        await using NodeEndpoint endpoint = await StartAsync(node, token: null);
        await using Browser browser = await Browser.StartAsync();
        IPage page = browser.Page;

        await page.GotoAsync(endpoint.Address.ToString());
        await page.GetByText("data_feeds: DEGRADED").WaitForAsync();

        Assert.Equal("! Feeds DEGRADED", await page.TitleAsync());
        Assert.Equal(
            ["BTCUSDT", "币安人生USDT"], await page.Locator("#symbols tbody td:first-child").AllTextContentsAsync());
        Assert.Equal(["▲", "▲"], await page.Locator("#symbols td[data-name=depth]").AllTextContentsAsync());
        Assert.Equal(
            "<img src=x onerror=\"document.title='taken over'\">",
            await page.Locator("#reasons li").TextContentAsync());
        Assert.Contains(
            "<script>document.title", await page.Locator("#problems li").TextContentAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await page.Locator("img").CountAsync());
        Assert.Equal(
            ["depth:stale oi:http_429", "depth:stale oi:http_429"],
            await page.Locator("#symbols td.wrap").AllTextContentsAsync());
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public async Task A_node_with_a_token_shows_nothing_before_it_is_given()
    {
        await using NodeEndpoint endpoint = await StartAsync(new FakeNode(), new Secret("canary-canary-canary"));
        await using Browser browser = await Browser.StartAsync();
        IPage page = browser.Page;

        await page.GotoAsync(endpoint.Address.ToString());
        await page.GetByText("locked").WaitForAsync();
        Assert.DoesNotContain("BTCUSDT", await page.ContentAsync(), StringComparison.Ordinal);

        await page.GetByLabel("This node wants its token").FillAsync("wrong-wrong-wrong");
        await page.GetByRole(AriaRole.Button).ClickAsync();
        await page.GetByText("That token was refused.").WaitForAsync();

        await page.GetByLabel("This node wants its token").FillAsync("canary-canary-canary");
        await page.GetByRole(AriaRole.Button).ClickAsync();
        await page.GetByText("data_feeds: OK").WaitForAsync();
        Assert.DoesNotContain("canary", await page.ContentAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("canary", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_fits_a_phone()
    {
        await using NodeEndpoint endpoint = await StartAsync(new FakeNode(), token: null);
        await using Browser browser = await Browser.StartAsync(width: 360);
        IPage page = browser.Page;

        await page.GotoAsync(endpoint.Address.ToString());
        await page.GetByText("data_feeds: OK").WaitForAsync();

        Assert.InRange(await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 1, 360);
        Assert.True(await page.GetByText("币安人生USDT").IsVisibleAsync());
    }

    private static Task<NodeEndpoint> StartAsync(FakeNode node, Secret? token) => NodeEndpoint.StartAsync(
        new HttpOptions { Bind = "127.0.0.1:0", Token = token }, node, TimeProvider.System, NullLoggerFactory.Instance,
        CancellationToken.None);

    private sealed class Browser(IPlaywright playwright, IBrowser browser, IPage page) : IAsyncDisposable
    {
        private const string Program = "/usr/bin/chromium";

        public IPage Page => page;

        /// <summary>What the page's console and its scripts complained of.</summary>
        public List<string> Complaints { get; } = [];

        public static async Task<Browser> StartAsync(int width = 1280)
        {
            Assert.SkipUnless(File.Exists(Program), $"there is no {Program} here");
            IPlaywright playwright = await Playwright.CreateAsync();
            IBrowser browser = await playwright.Chromium.LaunchAsync(
                new BrowserTypeLaunchOptions { ExecutablePath = Program, Args = ["--no-sandbox"] });
            IPage page = await browser.NewPageAsync(
                new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = width, Height = 800 } });
            Browser made = new(playwright, browser, page);
            page.Console += (_, message) =>
            {
                if (message.Type == "error") made.Complaints.Add(message.Text);
            };
            page.PageError += (_, error) => made.Complaints.Add(error);
            return made;
        }

        public async ValueTask DisposeAsync()
        {
            await browser.DisposeAsync();
            playwright.Dispose();
        }
    }
}
