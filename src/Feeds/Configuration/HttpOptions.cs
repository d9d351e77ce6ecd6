namespace Feeds.Configuration;

/// <summary>The section <c>http</c>.</summary>
internal sealed record HttpOptions
{
    /// <summary>Address and port; port 0 takes a free one. An address other than loopback needs a token.</summary>
    public string Bind { get; init; } = "127.0.0.1:8080";

    /// <summary>What callers must show as a bearer token; null for none.</summary>
    public Secret? Token { get; init; }

    /// <summary>A file that holds the token.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Host names by which the node may be called besides its own address and the loopback names.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];
}
