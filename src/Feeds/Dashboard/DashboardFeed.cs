using System.Text.Json;
using Feeds.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Feeds.Dashboard;

/// <summary>
/// <c>GET /events</c>: the page's server-sent events. The status is taken and written once a second however many look;
/// who reads slowly gets the newest when ready for it, and never holds up the others or the node.
/// </summary>
internal sealed class DashboardFeed : IAsyncDisposable
{
    /// <summary>The most that may look at a time.</summary>
    public const int MaxClients = 32;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly StatusCache _status;
    private readonly Func<IReadOnlyList<ProblemDocument>> _problems;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly RowHistory _history = new();
    private readonly ILogger _logger;
    private readonly Task _loop;
    private TaskCompletionSource<byte[]> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _clients;

    /// <summary>Begins to take the status each second.</summary>
    public DashboardFeed(
        StatusCache status, Func<IReadOnlyList<ProblemDocument>> problems, TimeProvider time, ILogger logger)
    {
        _logger = logger;
        _status = status;
        _problems = problems;
        _loop = RunAsync(time);
    }

    /// <summary>Adds the page.</summary>
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/events", (RequestDelegate)ServeAsync);

    /// <summary>Ends all streams of events.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        _stopping.Dispose();
    }

    private static byte[] Event<T>(string name, T value) =>
        [.. "event: "u8, .. System.Text.Encoding.ASCII.GetBytes(name), .. "\ndata: "u8,
            .. JsonSerializer.SerializeToUtf8Bytes(value, StatusDocuments.Json), .. "\n\n"u8];

    private async Task RunAsync(TimeProvider time)
    {
        using PeriodicTimer timer = new(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token)) Look();
        }
        catch (OperationCanceledException)
        {
            // The node ends.
        }
    }

    private void Look()
    {
        try
        {
            StatusDocument status = StatusDocuments.Of(_status.Get());
            TaskCompletionSource<byte[]> told;
            lock (_gate)
            {
                _history.Take(status);
                if (_clients == 0) return;
                told = _next;
                _next = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
            }
            told.SetResult(Event("status", new DashboardDocument(status, _problems())));
        }
#pragma warning disable CA1031 // The boundary of the page: a look that fails costs it a second, not the node.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.LookFailed(_logger, e);
        }
    }

    private async Task ServeAsync(HttpContext context)
    {
        if (Interlocked.Increment(ref _clients) > MaxClients)
        {
            Interlocked.Decrement(ref _clients);
            await Answers.ErrorAsync(
                context.Response, StatusCodes.Status503ServiceUnavailable, $"{MaxClients} pages look already");
            return;
        }
        try
        {
            using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(
                context.RequestAborted, _stopping.Token);
            context.Response.ContentType = "text/event-stream";
            byte[] first;
            lock (_gate) first = Event("history", _history.ToDocument());
            await SendAsync(context.Response, first, over.Token);
            await SendAsync(
                context.Response,
                Event("status", new DashboardDocument(StatusDocuments.Of(_status.Get()), _problems())), over.Token);
            while (true)
            {
                Task<byte[]> next;
                lock (_gate) next = _next.Task;
                await SendAsync(context.Response, await next.WaitAsync(over.Token), over.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The page was closed, or the node ends.
        }
        finally
        {
            Interlocked.Decrement(ref _clients);
        }
    }

    private static async Task SendAsync(HttpResponse response, byte[] bytes, CancellationToken cancellationToken)
    {
        await response.Body.WriteAsync(bytes, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}
