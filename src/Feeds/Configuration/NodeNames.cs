using System.Globalization;
using System.Net;

namespace Feeds.Configuration;

/// <summary>Names of the nodes of a cluster.</summary>
internal static class NodeNames
{
    private const int MaxLength = 40;

    /// <summary>What is allowed, so that it reads after "must be".</summary>
    public const string Allowed = "1 to 40 ASCII letters, digits, '_', '-' and '.'";

    /// <summary>True when a text can name a node.</summary>
    public static bool IsName(string text) => text.Length is > 0 and <= MaxLength && text.All(IsPart);

    /// <summary>Returns the configured name, or one of this machine and the port listened on.</summary>
    public static string Of(FeedsOptions options)
    {
        if (options.Cluster.NodeId != "auto") return options.Cluster.NodeId;
        int port = BindKind.EndPoint(options.Http.Bind).Port;
        string end = (port == 0 ? Environment.ProcessId : port).ToString(CultureInfo.InvariantCulture);
        string machine = string.Concat(Dns.GetHostName().Where(IsPart));
        return $"{machine[..Math.Min(machine.Length, MaxLength - end.Length - 1)]}-{end}";
    }

    private static bool IsPart(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.';
}
