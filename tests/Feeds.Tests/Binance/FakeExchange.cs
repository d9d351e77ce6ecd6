using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Feeds.Tests.Binance;

/// <summary>A server on this machine that answers as a test says, and remembers what it was asked.</summary>
internal sealed class FakeExchange : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeExchange(WebApplication app, string address)
    {
        _app = app;
        Rest = new Uri(address);
        Stream = new Uri("ws" + address["http".Length..]);
    }

    public Uri Rest { get; }

    public Uri Stream { get; }

    public ConcurrentQueue<string> Requests { get; } = new();

    public static async Task<FakeExchange> StartAsync(
        Func<HttpContext, Task> answer, X509Certificate2? certificate = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (certificate is null)
        {
            builder.WebHost.UseUrls("http://127.0.0.1:0");
        }
        else
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
            builder.WebHost.ConfigureKestrel(
                kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        }

        WebApplication app = builder.Build();
        app.UseWebSockets();
        FakeExchange? exchange = null;
        app.Run(context =>
        {
            exchange!.Requests.Enqueue(context.Request.Path + context.Request.QueryString);
            return answer(context);
        });

        // The address is known once it runs, and nobody asks before it is returned.
        await app.StartAsync();
        exchange = new FakeExchange(
            app, app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return exchange;
    }

    public static Func<HttpContext, Task> Json(string body, int status = 200) =>
        context => WriteAsync(context, body, status);

    public static async Task WriteAsync(
        HttpContext context, string body, int status = 200, string type = "application/json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        await context.Response.WriteAsync(body);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
