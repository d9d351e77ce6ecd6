using Microsoft.Extensions.Logging;

namespace Feeds.Http;

/// <summary>What the endpoint logs.</summary>
internal static partial class Log
{
    [LoggerMessage(101, LogLevel.Error, "Request {Request} failed")]
    public static partial void RequestFailed(ILogger logger, Exception failure, string request);
}
