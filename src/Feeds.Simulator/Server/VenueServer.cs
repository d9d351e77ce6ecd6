using System.Net;
using Feeds.Core;
using Feeds.Simulator.Faults;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Feeds.Simulator.Server;

/// <summary>
/// The listening socket: Kestrel without a host around it, so that a venue inside another program touches neither its
/// signals nor its logs nor its configuration.
/// </summary>
internal sealed class VenueServer : IHttpApplication<HttpContext>, IAsyncDisposable
{
    private readonly VenueTwinOptions _options;
    private readonly StreamHub _hub;
    private readonly RestApi _api;
    private readonly TimeProvider _time;
    private readonly KestrelServer _server;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Queue<long> _handshakes = new();
    private readonly Lock _gate = new();

    public VenueServer(VenueTwinOptions options, StreamHub hub, RestApi api, TimeProvider time)
    {
        _options = options;
        _hub = hub;
        _api = api;
        _time = time;
        KestrelServerOptions kestrel = new() { AddServerHeader = false };
        kestrel.Listen(IPAddress.Loopback, options.Port);
        _server = new KestrelServer(
            Options.Create(kestrel),
            new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance),
            NullLoggerFactory.Instance);
    }

    /// <summary>The port that was asked for or found.</summary>
    public int Port { get; private set; }

    public async Task StartAsync(CancellationToken cancellation)
    {
        try
        {
            await _server.StartAsync(this, cancellation);
        }
        catch (IOException e)
        {
            throw new FeedsException($"port = {_options.Port}: cannot listen on 127.0.0.1 ({e.Message})", e);
        }

        string address = _server.Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Port = new Uri(address).Port;
    }

    /// <inheritdoc/>
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    /// <inheritdoc/>
    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    /// <inheritdoc/>
    public Task ProcessRequestAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "/";
        return StreamPath.Parse(path) is { } stream ? StreamAsync(context, stream) : _api.AnswerAsync(context, path);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        using CancellationTokenSource hurry = new(TimeSpan.FromSeconds(3));
        await _server.StopAsync(hurry.Token);
        _server.Dispose();
        _stopping.Dispose();
    }

    private async Task StreamAsync(HttpContext context, StreamPath path)
    {
        IHttpUpgradeFeature? upgrade = context.Features.Get<IHttpUpgradeFeature>();
        string? key = context.Request.Headers.SecWebSocketKey;
        if (upgrade is not { IsUpgradableRequest: true } || string.IsNullOrEmpty(key))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        if (_hub.Faults.RefusalOf(path.Route) is { } fault)
        {
            context.Response.StatusCode = fault switch
            {
                FaultKind.Forbidden => StatusCodes.Status403Forbidden,
                FaultKind.GeoBlock => StatusCodes.Status451UnavailableForLegalReasons,
                _ => StatusCodes.Status503ServiceUnavailable,
            };
            return;
        }

        if (IsTooMany())
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return;
        }

        context.Response.Headers.Connection = "Upgrade";
        context.Response.Headers.Upgrade = "websocket";
        context.Response.Headers.SecWebSocketAccept = WebSocketFrames.Accept(key);
        string? asked = context.Request.Query["streams"];
        IEnumerable<string> streams = path.IsCombined && !string.IsNullOrEmpty(asked)
            ? asked.Split('/', StringSplitOptions.RemoveEmptyEntries)
            : path.Streams;

        // Subscribed before the handshake is answered: a client that is connected misses nothing from then on.
        using StreamConnection connection = _hub.Open(path.Route, path.IsCombined, context.Abort);
        connection.Subscribe(streams);
        await connection.RunAsync(await upgrade.UpgradeAsync(), _stopping.Token);
    }

    private bool IsTooMany()
    {
        lock (_gate)
        {
            long now = _time.GetUtcNow().ToUnixTimeMilliseconds();
            while (_handshakes.TryPeek(out long at) && now - at >= 300_000)
            {
                _handshakes.Dequeue();
            }

            _handshakes.Enqueue(now);
            return _handshakes.Count > _options.MaxConnectionsPerFiveMinutes;
        }
    }
}
