using System.Net;
using System.Net.Sockets;
using Feeds.Configuration;
using Feeds.Dashboard;
using Feeds.Terminal;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Feeds.Http;

/// <summary>
/// The node's own HTTP endpoint: state for people and programs, metrics, control. Loopback unless told otherwise.
/// </summary>
internal sealed class NodeEndpoint : IAsyncDisposable
{
    private static readonly TimeSpan StatusAge = TimeSpan.FromMilliseconds(250);

    private readonly WebApplication _app;
    private readonly NodeMeter _meter;
    private readonly MetricsCollector _metrics;
    private readonly DashboardFeed _dashboard;
    private readonly OwnerRelay _relay;

    private NodeEndpoint(
        WebApplication app, NodeMeter meter, MetricsCollector metrics, DashboardFeed dashboard, OwnerRelay relay)
    {
        _app = app;
        _relay = relay;
        _dashboard = dashboard;
        _meter = meter;
        _metrics = metrics;
    }

    /// <summary>The address that is listened on, with the port that was taken.</summary>
    public Uri Address =>
        new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Every page and the method it is for, such as <c>GET /status</c>.</summary>
    public IReadOnlyList<string> Pages =>
    [
        .. ((IEndpointRouteBuilder)_app).DataSources.SelectMany(static source => source.Endpoints)
            .OfType<RouteEndpoint>().Select(
            static page =>
                $"{page.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0]} {page.RoutePattern.RawText}"),
    ];

    /// <summary>
    /// Fails as <see cref="StartAsync"/> would when the address cannot be had, and leaves nothing open.
    /// </summary>
    /// <exception cref="ConfigurationException">The port is taken, or the address is not this machine's.</exception>
    public static void Probe(string bind)
    {
        IPEndPoint end = BindKind.EndPoint(bind);
        try
        {
            using TcpListener listener = new(end);
            listener.Start();
        }
        catch (SocketException e)
        {
            throw Refused(bind, e.SocketErrorCode, e);
        }
    }

    /// <summary>Opens the endpoint. Returns when it listens.</summary>
    /// <exception cref="ConfigurationException">The port is taken, or the address is not this machine's.</exception>
    public static async Task<NodeEndpoint> StartAsync(
        HttpOptions options,
        INodeSurface node,
        TimeProvider time,
        ILoggerFactory loggers,
        CancellationToken cancellationToken,
        RequestRates? rates = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(
            kestrel => EndpointLimits.Apply(kestrel, BindKind.EndPoint(options.Bind)));
        builder.Services.AddRoutingCore();
        builder.Services.RemoveAll<IHostLifetime>().AddSingleton<IHostLifetime, NoSignals>();
        builder.Services.RemoveAll<ILoggerFactory>().AddSingleton(loggers);
        WebApplication app = builder.Build();
        StatusCache status = new(node.Status, time, StatusAge);
        NodeMeter meter = new(node, status.Get, node.Tree);
        MetricsCollector metrics = new(node);
        DashboardFeed dashboard = new(status, node.Problems, time, loggers.CreateLogger<DashboardFeed>());
        OwnerRelay relay = new(node, options);
        NodeEndpoint endpoint = new(app, meter, metrics, dashboard, relay);
        RequestGuard guard = new(options);
        RequestGate gate = new(guard, loggers.CreateLogger<RequestGate>(), rates ?? new RequestRates());
        app.Use(gate.InvokeAsync);
        app.UseRouting();
        new StatusRoutes(status, metrics).Map(app);
        new ControlRoutes(node, relay).Map(app);
        new CoverageRoutes(node, relay).Map(app);
        DashboardPage.Map(app);
        dashboard.Map(app);
        try
        {
            await app.StartAsync(cancellationToken);
            return endpoint;
        }
        catch (IOException e) when (e.InnerException is not null)
        {
            await endpoint.DisposeAsync();
            SocketError error =
                (e.InnerException as SocketException
                    ?? e.InnerException.InnerException as SocketException)?.SocketErrorCode
                ?? SocketError.AddressAlreadyInUse;
            throw Refused(options.Bind, error, e);
        }
        catch (SocketException e)
        {
            await endpoint.DisposeAsync();
            throw Refused(options.Bind, e.SocketErrorCode, e);
        }
    }

    /// <summary>Closes the endpoint; requests under way get a moment to end.</summary>
    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource soon = new(TimeSpan.FromSeconds(2));
        await _dashboard.DisposeAsync();
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
        _metrics.Dispose();
        _relay.Dispose();
        _meter.Dispose();
    }

    private static ConfigurationException Refused(string bind, SocketError error, Exception cause)
    {
        string why = error switch
        {
            SocketError.AddressAlreadyInUse => "the port is taken; name another one, or 0 for any free one",
            SocketError.AddressNotAvailable => "this machine has no such address",
            SocketError.AccessDenied => "not allowed to listen there; ports below 1024 need rights",
            _ => PlainText.Of(cause.Message),
        };
        return new ConfigurationException($"http.bind = {bind}: {why}");
    }

    /// <summary>The program handles signals, not the web host.</summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
