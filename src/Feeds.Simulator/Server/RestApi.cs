using System.Globalization;
using Feeds.Simulator.Faults;
using Feeds.Simulator.Ledgers;
using Microsoft.AspNetCore.Http;

namespace Feeds.Simulator.Server;

/// <summary>The venue's REST side: finds the endpoint, keeps the budgets, writes the answer.</summary>
internal sealed class RestApi
{
    private readonly RestLimits _limits;
    private readonly FaultBoard _faults;
    private readonly Func<long> _pump;
    private readonly TimeProvider _time;
    private readonly RestSymbols _symbols;
    private readonly Dictionary<string, RestEndpoint> _endpoints = new(StringComparer.Ordinal);
    private readonly Ledger _ledger;
    private long _requests;
    private int _slow;

    public RestApi(
        VenueTwinOptions options, VenueClock clock, RestLimits limits, FaultBoard faults, RestSymbols symbols,
            Ledger ledger,
            Func<long> pump,
        TimeProvider time)
    {
        _ledger = ledger;
        _limits = limits;
        _faults = faults;
        _time = time;
        _pump = pump;
        _symbols = symbols;
        new MarketEndpoints(options, clock, symbols, faults).AddTo(_endpoints);
        new BarEndpoints(symbols).AddTo(_endpoints);
        new FundingEndpoints(options, symbols).AddTo(_endpoints);
        new StatisticsEndpoints(options, symbols).AddTo(_endpoints);
    }

    /// <summary>Requests that a fault makes wait for their answers now.</summary>
    public int Slow => Volatile.Read(ref _slow);

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    public async Task AnswerAsync(HttpContext context, string path)
    {
        long came = Now;
        RestQuery query = new(context.Request.Query);
        string symbol = query.Text("symbol");
        IReadOnlyList<Fault> faults = _faults.Of(path, symbol, Interlocked.Increment(ref _requests));
        foreach (Fault slow in faults.Where(static fault => fault.Kind == FaultKind.SlowAnswer))
        {
            Interlocked.Increment(ref _slow);
            await Task.Delay(slow.Delay, _time, context.RequestAborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Interlocked.Decrement(ref _slow);
        }

        if (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        if (!_endpoints.TryGetValue(path, out RestEndpoint? endpoint) || context.Request.Method != HttpMethods.Get)
        {
            await WriteAsync(context, new RestRefusal(
                StatusCodes.Status404NotFound, 0,
                $"{{\"code\":-5000,\"msg\":\"Path {path}, Method {context.Request.Method} is invalid\"}}"));
            return;
        }

        RestRefusal? over = _limits.Take(endpoint.Pool, endpoint.Pool == RestPool.Weight ? endpoint.Weight(query) : 0);
        RestRefusal? refusal = over ?? RestFaults.Refusal(faults);
        _ledger.Request(new LedgerRequest(
            came, Now, path, refusal?.Status ?? StatusCodes.Status200OK, refusal?.RetryAfterSeconds
                ?? 0, over is { Status: 429 }));
        if (endpoint.Pool == RestPool.Weight)
        {
            context.Response.Headers["X-MBX-USED-WEIGHT-1M"] = _limits.UsedWeight.ToString(
                CultureInfo.InvariantCulture);
        }

        if (refusal is not null)
        {
            await WriteAsync(context, refusal);
            return;
        }

        FrameWriter writer = new();
        endpoint.Answer(query, writer, _symbols.NowOf(query, _pump()));
        if (query.Error is { } error)
        {
            await WriteAsync(
                context, new RestRefusal(error.Status, 0, $"{{\"code\":{error.Code},\"msg\":\"{error.Message}\"}}"));
            return;
        }

        byte[]? bomb = RestFaults.Bomb(faults);
        if (bomb is not null)
        {
            context.Response.Headers.ContentEncoding = "gzip";
        }

        ReadOnlyMemory<byte> body = bomb ?? RestFaults.Body(faults, writer.WrittenMemory);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static Task WriteAsync(HttpContext context, RestRefusal refusal)
    {
        if (refusal.RetryAfterSeconds > 0)
        {
            context.Response.Headers.RetryAfter = refusal.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        }

        context.Response.StatusCode = refusal.Status;
        context.Response.ContentType = refusal.Body.StartsWith('<') ? "text/html" : "application/json";
        return context.Response.WriteAsync(refusal.Body, context.RequestAborted);
    }
}
