using Feeds.Binance.Limits;

namespace Feeds.Binance.Streams;

/// <summary>Where the streams of one route are served.</summary>
public sealed record StreamEndpoint
{
    private StreamEndpoint(Uri address, StreamRoute route)
    {
        Address = address;
        Route = route;
    }

    /// <summary>The whole address, such as <c>wss://fstream.binance.com/market/stream</c>.</summary>
    public Uri Address { get; }

    /// <summary>The route it serves.</summary>
    public StreamRoute Route { get; }

    /// <summary>The path alone, such as <c>/market/stream</c>.</summary>
    public string Path => Address.AbsolutePath;

    /// <summary>
    /// Returns the endpoint of a route under the exchange's address, such as <c>wss://fstream.binance.com</c>.
    /// </summary>
    /// <exception cref="ExchangeAddressException">The address is not wss, nor ws to this machine.</exception>
    public static StreamEndpoint For(Uri exchange, StreamRoute route)
    {
        ExchangeAddress.RequireStream(exchange);
        string path = route == StreamRoute.Public ? "public/stream" : "market/stream";
        return new(new Uri(ExchangeAddress.WithSlash(exchange), path), route);
    }
}
