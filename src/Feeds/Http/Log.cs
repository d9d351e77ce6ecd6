using Microsoft.Extensions.Logging;

namespace Feeds.Http;

/// <summary>What the endpoint logs.</summary>
internal static partial class Log
{
    [LoggerMessage(101, LogLevel.Error, "Request {Request} failed")]
    public static partial void RequestFailed(ILogger logger, Exception failure, string request);

    [LoggerMessage(102, LogLevel.Error, "The dashboard could not be brought up to date")]
    public static partial void LookFailed(ILogger logger, Exception failure);
}
