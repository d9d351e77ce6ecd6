using System.Globalization;
using Feeds.Core.Coverage;
using Feeds.Engine.Symbols;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Feeds.Http;

/// <summary><c>GET /coverage</c>: what was observed of each feed of each symbol; <c>?symbols=A,B</c> and <c>?minutes=60</c>.</summary>
internal sealed class CoverageRoutes(INodeSurface node)
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
            && (!int.TryParse(minutesText, NumberStyles.None, CultureInfo.InvariantCulture, out minutes) || minutes > MaxMinutes))
        {
            await Answers.ErrorAsync(
                context.Response, StatusCodes.Status400BadRequest, FormattableString.Invariant($"minutes: a whole number up to {MaxMinutes}"));
            return;
        }

        string[] watched = [.. node.Status().Symbols.Select(static each => each.Symbol.Text)];
        string[] asked = wanted.Length == 0
            ? watched : wanted.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (asked.FirstOrDefault(each => !watched.Contains(each, StringComparer.Ordinal)) is { } unknown)
        {
            await Answers.ErrorAsync(context.Response, StatusCodes.Status404NotFound, $"{Terminal.PlainText.Of(unknown)} is not watched");
            return;
        }

        List<CoverageDocument> documents = [];
        foreach (string symbol in asked)
        {
            if (await node.InspectAsync($"symbols/{symbol}", context.RequestAborted) is SymbolInspection { Coverage: { } coverage })
            {
                documents.Add(CoverageDocument.Of(coverage, minutes));
            }
        }

        await Answers.JsonAsync(context.Response, documents);
    }
}
