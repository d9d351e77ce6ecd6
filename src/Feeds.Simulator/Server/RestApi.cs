using System.Globalization;
using Feeds.Simulator.Markets;
using Microsoft.AspNetCore.Http;

namespace Feeds.Simulator.Server;

/// <summary>The venue's REST side: finds the endpoint, keeps the budgets, writes the answer.</summary>
internal sealed class RestApi
{
    private readonly RestLimits _limits;
    private readonly Func<long> _pump;
    private readonly Dictionary<string, RestEndpoint> _endpoints = new(StringComparer.Ordinal);

    public RestApi(
        VenueTwinOptions options, VenueClock clock, RestLimits limits, IReadOnlyList<SymbolSpec> specs,
        List<SymbolPublisher> publishers, Func<long> pump)
    {
        _limits = limits;
        _pump = pump;
        RestSymbols symbols = new(specs, publishers);
        new MarketEndpoints(options, clock, symbols).AddTo(_endpoints);
        new BarEndpoints(symbols).AddTo(_endpoints);
        new FundingEndpoints(options, symbols).AddTo(_endpoints);
        new StatisticsEndpoints(options, symbols).AddTo(_endpoints);
    }

    public async Task AnswerAsync(HttpContext context, string path)
    {
        if (!_endpoints.TryGetValue(path, out RestEndpoint? endpoint) || context.Request.Method != HttpMethods.Get)
        {
            await WriteAsync(
                context, StatusCodes.Status404NotFound,
                $"{{\"code\":-5000,\"msg\":\"Path {path}, Method {context.Request.Method} is invalid\"}}");
            return;
        }

        RestQuery query = new(context.Request.Query);
        RestRefusal? refusal = _limits.Take(endpoint.Pool, endpoint.Pool == RestPool.Weight ? endpoint.Weight(query) : 0);
        if (endpoint.Pool == RestPool.Weight)
        {
            context.Response.Headers["X-MBX-USED-WEIGHT-1M"] = _limits.UsedWeight.ToString(CultureInfo.InvariantCulture);
        }

        if (refusal is not null)
        {
            if (refusal.RetryAfterSeconds > 0)
            {
                context.Response.Headers.RetryAfter = refusal.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
            }

            await WriteAsync(context, refusal.Status, refusal.Body);
            return;
        }

        FrameWriter writer = new();
        endpoint.Answer(query, writer, _pump());
        if (query.Error is { } error)
        {
            await WriteAsync(context, error.Status, $"{{\"code\":{error.Code},\"msg\":\"{error.Message}\"}}");
            return;
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = writer.Written.Length;
        await context.Response.Body.WriteAsync(writer.WrittenMemory, context.RequestAborted);
    }

    private static Task WriteAsync(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = body.StartsWith('<') ? "text/html" : "application/json";
        return context.Response.WriteAsync(body, context.RequestAborted);
    }
}
