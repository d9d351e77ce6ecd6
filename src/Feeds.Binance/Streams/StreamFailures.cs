using System.Net.WebSockets;

namespace Feeds.Binance.Streams;

/// <summary>Gives the ends of connections their names.</summary>
internal static class StreamFailures
{
    public static StreamException OfHandshake(
        StreamEndpoint endpoint, ClientWebSocket socket, WebSocketException failure)
    {
        int status = (int)socket.HttpStatusCode;
        return status switch
        {
            0 => new(StreamFailure.Network, $"{endpoint.Address}: {Innermost(failure).Message}", inner: failure),
            403 or 451 => new(
                StreamFailure.Blocked,
                $"{endpoint.Address}: refused with status {status}: blocked for this address or country", status,
                inner: failure),
            418 or 429 => new(
                StreamFailure.RateLimited, $"{endpoint.Address}: refused with status {status}: too many connections",
                status, RetryAfter(socket), failure),
            _ => new(
                StreamFailure.HandshakeRefused, $"{endpoint.Address}: refused with status {status}", status,
                RetryAfter(socket), failure),
        };
    }

    public static StreamException OfClose(StreamEndpoint endpoint, ClientWebSocket socket) =>
        new(
            StreamFailure.ClosedByServer,
            $"{endpoint.Address}: closed by the server ({(int?)socket.CloseStatus ?? 1005} "
            + $"{socket.CloseStatusDescription})".TrimEnd());

    public static StreamException OfConnection(
        StreamEndpoint endpoint, StreamConnectionOptions options, Exception failure, bool messageTimedOut)
    {
        if (messageTimedOut)
        {
            return new(
                StreamFailure.TimedOut,
                $"{endpoint.Address}: a message was not finished within {options.MessageTimeout.TotalSeconds} s",
                inner: failure);
        }

        // A ping without an answer faults the socket, at the bottom of what it throws; a cut connection ends it
        // prematurely.
        return Innermost(failure) is WebSocketException { WebSocketErrorCode: WebSocketError.Faulted }
            ? new(
                StreamFailure.TimedOut,
                $"{endpoint.Address}: a ping was not answered within {options.KeepAliveTimeout.TotalSeconds} s",
                inner: failure)
            : failure is WebSocketException
            {
                WebSocketErrorCode: WebSocketError.HeaderError
                or WebSocketError.InvalidMessageType
            }
                ? new(StreamFailure.Protocol, $"{endpoint.Address}: {failure.Message}", inner: failure)
                : new(StreamFailure.Network, $"{endpoint.Address}: {Innermost(failure).Message}", inner: failure);
    }

    // To wait for no time at all is as good as no word about it: who was refused waits.
    private static TimeSpan? RetryAfter(ClientWebSocket socket)
    {
        foreach ((string name, IEnumerable<string> values) in socket.HttpResponseHeaders ?? EmptyHeaders)
        {
            if (name.Equals("Retry-After", StringComparison.OrdinalIgnoreCase)
                && int.TryParse(
                    values.FirstOrDefault(), System.Globalization.CultureInfo.InvariantCulture, out int seconds)
                && seconds > 0)
            {
                return TimeSpan.FromSeconds(seconds);
            }
        }

        return null;
    }

    private static readonly IReadOnlyDictionary<string, IEnumerable<string>> EmptyHeaders =
        new Dictionary<string, IEnumerable<string>>();

    private static Exception Innermost(Exception failure)
    {
        while (failure.InnerException is not null)
        {
            failure = failure.InnerException;
        }

        return failure;
    }
}
