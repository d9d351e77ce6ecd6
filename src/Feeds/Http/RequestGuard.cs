using System.Net;
using System.Security.Cryptography;
using System.Text;
using Feeds.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Feeds.Http;

/// <summary>
/// Who may ask: the name by which the node was called must be one of its own (against DNS rebinding), a browser's page
/// must come from the node itself (against forged requests), and where there is a token it must be shown.
/// </summary>
internal sealed class RequestGuard
{
    private static readonly string[] LoopbackNames = ["localhost", "127.0.0.1", "[::1]"];

    private readonly HashSet<string> _hosts;
    private readonly byte[]? _tokenHash;

    /// <summary>Makes a guard for an address and its options.</summary>
    public RequestGuard(HttpOptions options)
    {
        IPAddress address = BindKind.EndPoint(options.Bind).Address;
        _hosts = new HashSet<string>(
            LoopbackNames.Concat(options.AllowedHosts.Select(Bracketed)), StringComparer.OrdinalIgnoreCase);
        bool isAny = address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

        // Listening on all addresses, it is called by the machine's name: so do the other nodes of its cluster.
        _hosts.Add(isAny ? Dns.GetHostName() : Bracketed(address.ToString()));
        _tokenHash = options.Token is { } token ? Hash(token.Reveal()) : null;
    }

    /// <summary>True when callers must show a token.</summary>
    public bool NeedsToken => _tokenHash is not null;

    /// <summary>Returns the status code to refuse a request with, and why; null when it may pass.</summary>
    /// <param name="request">The request.</param>
    /// <param name="isOpen">True for what carries no data, such as liveness: it needs no token.</param>
    public (int StatusCode, string Reason)? Refusal(HttpRequest request, bool isOpen)
    {
        if (!_hosts.Contains(request.Host.Host))
            return (StatusCodes.Status421MisdirectedRequest,
                "this node is not called by that host name; see http.allowed_hosts");
        if (!IsOwnOrigin(request, isOpen))
            return (StatusCodes.Status403Forbidden, "requests from other origins are refused");
        if (!isOpen && _tokenHash is not null && !HasToken(request.Headers.Authorization))
            return (StatusCodes.Status401Unauthorized, "a bearer token is needed");
        return null;
    }

    private static bool IsOwnOrigin(HttpRequest request, bool isOpen)
    {
        StringValues origin = request.Headers.Origin;
        if (origin.Count == 0) return isOpen || !IsCrossSite(request.Headers["Sec-Fetch-Site"]);
        return origin.Count == 1
            && Uri.TryCreate(origin[0], UriKind.Absolute, out Uri? from)
            && from.Scheme is "http" or "https"
            && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);
    }

    // A link from elsewhere that a person follows says cross-site too; what it leads to is open and holds no data.
    private static bool IsCrossSite(StringValues site) => site.Count > 0 && site[0] is "cross-site" or "same-site";

    private static string Bracketed(string host) => host.Contains(':', StringComparison.Ordinal) && host[0] != '['
        ? $"[{host}]" : host;

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    // Hashes are compared, in constant time: neither content nor length of the token shows in how long it takes.
    private bool HasToken(StringValues authorization)
    {
        const string Scheme = "Bearer ";
        if (authorization.Count != 1 || authorization[0] is not { } text) return false;
        return text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Hash(text[Scheme.Length..].Trim()), _tokenHash);
    }
}
