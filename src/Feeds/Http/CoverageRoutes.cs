using System.Globalization;
using System.Text.Json;
using Feeds.Core.Coverage;
using Feeds.Engine.Symbols;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Feeds.Http;

/// <summary>
/// <c>GET /coverage</c>: what was observed of each feed of each symbol of this node, or of those asked for wherever
/// they are;
/// <c>?symbols=A,B</c> and <c>?minutes=60</c>.
/// </summary>
internal sealed class CoverageRoutes(INodeSurface node, OwnerRelay relay)
{
    /// <summary>The most minutes that can be asked for: as far back as holes are kept.</summary>
    public const int MaxMinutes = (int)(FeedCoverage.KeptMs / 60_000);

    /// <summary>Adds the page.</summary>
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/coverage", (RequestDelegate)CoverageAsync);

    private async Task CoverageAsync(HttpContext context)
    {
        string wanted = context.Request.Query["symbols"].ToString();
        string minutesText = context.Request.Query["minutes"].ToString();
        int minutes = 0;
        if (minutesText.Length > 0
            && (!int.TryParse(minutesText, NumberStyles.None, CultureInfo.InvariantCulture, out minutes)
                || minutes > MaxMinutes))
        {
            await Answers.ErrorAsync(
                context.Response, StatusCodes.Status400BadRequest,
                FormattableString.Invariant($"minutes: a whole number up to {MaxMinutes}"));
            return;
        }

        string[] watched = [.. node.Status().Symbols.Select(static each => each.Symbol.Text)];
        string[] asked = wanted.Length == 0
            ? watched : wanted.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        List<CoverageDocument> documents = [];
        foreach (string symbol in asked)
        {
            if (!watched.Contains(symbol, StringComparer.Ordinal))
            {
                string page = FormattableString.Invariant(
                    $"/coverage?symbols={Uri.EscapeDataString(symbol)}&minutes={minutes}");
                RelayedAnswer answer = await relay.AskAsync(context, symbol, page)
                    ?? RelayedAnswer.Error(
                        StatusCodes.Status404NotFound, $"{Terminal.PlainText.Of(symbol)} is not watched");
                if (answer.StatusCode != StatusCodes.Status200OK)
                {
                    await answer.WriteAsync(context.Response);
                    return;
                }

                documents.AddRange(
                    JsonSerializer.Deserialize<CoverageDocument[]>(answer.Json, StatusDocuments.Json) ?? []);
            }
            else if (await node.InspectAsync(
                $"symbols/{symbol}", context.RequestAborted) is SymbolInspection { Coverage: { } coverage })
            {
                documents.Add(CoverageDocument.Of(coverage, minutes));
            }
        }

        await Answers.JsonAsync(context.Response, documents);
    }
}
