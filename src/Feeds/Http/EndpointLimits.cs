using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Feeds.Http;

/// <summary>What one caller, or all of them, may take of the endpoint; a node's work is feeds, not answers.</summary>
internal static class EndpointLimits
{
    /// <summary>The most bytes of a request's body.</summary>
    public const int MaxBodyBytes = 64 * 1024;

    /// <summary>Connections at a time, streams of events included.</summary>
    public const int MaxConnections = 256;

    /// <summary>Sets the limits and the address.</summary>
    public static void Apply(KestrelServerOptions kestrel, IPEndPoint end)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        KestrelServerLimits limits = kestrel.Limits;
        limits.MaxRequestBodySize = MaxBodyBytes;
        limits.MaxConcurrentConnections = MaxConnections;
        limits.MaxRequestHeaderCount = 64;
        limits.MaxRequestHeadersTotalSize = 16 * 1024;
        limits.MaxRequestLineSize = 4 * 1024;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(3));
        kestrel.Listen(end, static listen => listen.Protocols = HttpProtocols.Http1);
    }
}
