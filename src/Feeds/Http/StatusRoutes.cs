using System.Text;
using Feeds.Terminal;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Feeds.Http;

/// <summary>
/// The pages that only tell: <c>/status</c>, <c>/health</c>, <c>/healthz</c>, <c>/readyz</c>, <c>/metrics</c>.
/// </summary>
internal sealed class StatusRoutes(StatusCache status, MetricsCollector metrics)
{
    /// <summary>Adds the pages.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/status", (RequestDelegate)StatusAsync);
        routes.MapGet("/health", (RequestDelegate)HealthAsync);
        routes.MapGet("/healthz", (RequestDelegate)(static context => Answers.TextAsync(context.Response, "ok\n")));
        routes.MapGet("/readyz", (RequestDelegate)ReadyAsync);
        routes.MapGet("/metrics", (RequestDelegate)MetricsAsync);
    }

    private async Task StatusAsync(HttpContext context)
    {
        StatusDocument document = StatusDocuments.Of(status.Get());
        if (Answers.WantsJson(context.Request))
        {
            await Answers.JsonAsync(context.Response, document);
            return;
        }
        using StringWriter text = new(new StringBuilder(), System.Globalization.CultureInfo.InvariantCulture);
        Screen screen = Screen.OfText(text);
        screen.Console.Write(StatusView.Of(document, screen.Width));
        await Answers.TextAsync(context.Response, text.ToString().ReplaceLineEndings("\n"));
    }

    private async Task HealthAsync(HttpContext context)
    {
        HealthDocument health = HealthDocument.Of(StatusDocuments.Of(status.Get()));
        int code = health.IsHealthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        if (Answers.WantsJson(context.Request)) await Answers.JsonAsync(context.Response, health, code);
        else await Answers.TextAsync(context.Response, health.ToText(), code);
    }

    private Task ReadyAsync(HttpContext context)
    {
        bool ready = status.Get().IsReady;
        return Answers.TextAsync(
            context.Response, ready ? "ready\n" : "not ready\n",
            ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private async Task MetricsAsync(HttpContext context)
    {
        context.Response.ContentType = PrometheusText.ContentType;
        await context.Response.WriteAsync(metrics.Write(), context.RequestAborted);
    }
}
