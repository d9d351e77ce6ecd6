using System.Net;

namespace Feeds.Configuration;

/// <summary>
/// The address of a server of the exchange: encrypted, or on this machine; without path, query or password.
/// </summary>
internal sealed class ServerUrlKind(string secureScheme, string loopbackScheme) : ValueKind<Uri>
{
    public override string Allowed =>
        $"a {secureScheme}:// address without a path ({loopbackScheme}:// for this machine only)";

    public override string Write(Uri value) => value.OriginalString;

    public override bool TryRead(ConfigNode node, out Uri value, out string error)
    {
        error = $"must be {Allowed}";
        value = new Uri($"{secureScheme}://invalid");
        if (!Uri.TryCreate(node.Text, UriKind.Absolute, out Uri? url)) return false;
        if (url.Scheme != secureScheme && !(url.Scheme == loopbackScheme && url.IsLoopback)) return false;
        if (url.Host.Length == 0 || url.UserInfo.Length > 0 || url.AbsolutePath != "/"
            || url.Query.Length + url.Fragment.Length > 0)
            return false;
        value = url;
        return true;
    }
}

/// <summary>The address of a proxy; null for none. A password in it is not shown.</summary>
internal sealed class ProxyKind : ValueKind<Uri?>
{
    public override string Allowed => "an http://, https:// or socks5:// address with host and port, or null";

    public override string Write(Uri? value) => value switch
    {
        null => "null",
        { UserInfo.Length: > 0 } => $"{value.Scheme}://{Secret.Mask}@{value.Authority}",
        _ => value.OriginalString,
    };

    public override bool TryRead(ConfigNode node, out Uri? value, out string error)
    {
        error = $"must be {Allowed}";
        value = null;
        if (node.IsNull) return true;
        return Uri.TryCreate(node.Text, UriKind.Absolute, out value)
            && value.Scheme is "http" or "https" or "socks5" && value.Host.Length > 0
            && value.PathAndQuery is "/" or "";
    }
}

/// <summary>An IP address and a port.</summary>
internal sealed class BindKind : ValueKind<string>
{
    public override string Allowed => "an IP address and port, such as 127.0.0.1:8080 or [::1]:0";

    /// <summary>Returns the end point of a text that was read.</summary>
    public static IPEndPoint EndPoint(string bind) => IPEndPoint.Parse(Numeric(bind));

    public override string Write(string value) => value.StartsWith('[') ? $"\"{value}\"" : value;

    public override bool TryRead(ConfigNode node, out string value, out string error)
    {
        error = $"must be {Allowed}";
        value = node.Text ?? "";
        int colon = value.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(value.AsSpan(colon + 1), System.Globalization.NumberStyles.None, null, out _))
            return false;
        return IPEndPoint.TryParse(Numeric(value), out IPEndPoint? end)
            && (end.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork || value.StartsWith('['));
    }

    private static string Numeric(string bind) =>
        bind.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) ? $"127.0.0.1{bind.AsSpan(9)}" : bind;
}
