using System.Threading.RateLimiting;
using Feeds.Core;
using Feeds.Dashboard;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Feeds.Http;

/// <summary>
/// Every request passes here first: headers that keep browsers careful, limits, the guard; failures end here too.
/// </summary>
internal sealed class RequestGate(RequestGuard guard, ILogger logger, RequestRates rates)
{
    private readonly TokenBucketRateLimiter _reads = Bucket(rates.ReadsPerSecond);
    private readonly TokenBucketRateLimiter _commands = Bucket(rates.CommandsPerSecond);

    /// <summary>Lets the request through, or answers it.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        HttpRequest request = context.Request;
        Headers(context.Response.Headers);
        bool isRead = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        if (guard.Refusal(request, isRead && IsOpen(request.Path.Value ?? "")) is var (status, reason))
        {
            if (status == StatusCodes.Status401Unauthorized) context.Response.Headers.WWWAuthenticate = "Bearer";
            await Answers.ErrorAsync(context.Response, status, reason);
            return;
        }
        using RateLimitLease lease = (isRead ? _reads : _commands).AttemptAcquire();
        if (!lease.IsAcquired)
        {
            context.Response.Headers.RetryAfter = "1";
            await Answers.ErrorAsync(
                context.Response, StatusCodes.Status429TooManyRequests, "too many requests; try again in a second");
            return;
        }
        if (!isRead && !request.HasJsonContentType())
        {
            await Answers.ErrorAsync(
                context.Response, StatusCodes.Status415UnsupportedMediaType,
                "the content type must be application/json");
            return;
        }
        await RunAsync(context, next);
    }

    private static bool IsOpen(string path) => path is "/healthz" or "/readyz" || DashboardPage.IsFile(path);

    private static TokenBucketRateLimiter Bucket(int perSecond) => new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = perSecond * 4,
        TokensPerPeriod = perSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        AutoReplenishment = true,
        QueueLimit = 0,
    });

    private static void Headers(IHeaderDictionary headers)
    {
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy =
            "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }

    private async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: 404 or 405, ContentLength: null })
            {
                await Answers.ErrorAsync(context.Response, context.Response.StatusCode,
                    context.Response.StatusCode == 404 ? "no such page" : "that method is not allowed here");
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller went away; there is nobody to answer.
        }
        catch (BadHttpRequestException e)
        {
            await Answers.ErrorAsync(context.Response, e.StatusCode, e.Message);
        }
        catch (FeedsException e)
        {
            await Answers.ErrorAsync(context.Response, StatusCodes.Status422UnprocessableEntity, e.Message);
        }
        // The boundary of HTTP: a failed answer must not end the node, nor show its inside to the caller.
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.RequestFailed(logger, e, request: context.Request.Path);
            await Answers.ErrorAsync(
                context.Response, StatusCodes.Status500InternalServerError,
                "the request failed; the node's log says why");
        }
    }
}
