namespace Feeds.Binance.Limits;

/// <summary>Says which addresses an exchange may have: encrypted ones, and plain ones on this machine only.</summary>
public static class ExchangeAddress
{
    /// <summary>Does nothing for an address of streams that is allowed.</summary>
    /// <exception cref="ExchangeAddressException">It is not wss, nor ws to this machine.</exception>
    public static void RequireStream(Uri address) => Require(address, "wss", "ws");

    /// <summary>Does nothing for an address of REST that is allowed.</summary>
    /// <exception cref="ExchangeAddressException">It is not https, nor http to this machine.</exception>
    public static void RequireRest(Uri address) => Require(address, "https", "http");

    // A relative path replaces the last part of a base that does not end in a slash.
    internal static Uri WithSlash(Uri address) =>
        address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");

    private static void Require(Uri address, string secure, string plain)
    {
        bool allowed = address.IsAbsoluteUri
            && address.UserInfo.Length == 0
            && address.Query.Length == 0
            && (address.Scheme == secure || (address.Scheme == plain && address.IsLoopback));
        if (!allowed)
        {
            throw new ExchangeAddressException(
                $"{address}: must be {secure}://host, or {plain}://localhost for this machine, without user, "
                + "password or query");
        }
    }
}
