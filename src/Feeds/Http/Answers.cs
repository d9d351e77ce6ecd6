using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Feeds.Http;

/// <summary>How answers are written.</summary>
internal static class Answers
{
    /// <summary>Answers with a value as JSON.</summary>
    public static async Task JsonAsync<T>(HttpResponse response, T value, int statusCode = StatusCodes.Status200OK)
    {
        response.StatusCode = statusCode;
        response.ContentType = "application/json; charset=utf-8";
        await response.Body.WriteAsync(
            JsonSerializer.SerializeToUtf8Bytes(value, StatusDocuments.Json), response.HttpContext.RequestAborted);
    }

    /// <summary>Answers with plain text.</summary>
    public static async Task TextAsync(HttpResponse response, string text, int statusCode = StatusCodes.Status200OK)
    {
        response.StatusCode = statusCode;
        response.ContentType = "text/plain; charset=utf-8";
        await response.WriteAsync(text, response.HttpContext.RequestAborted);
    }

    /// <summary>Answers with <c>{"error": …}</c>; does nothing when an answer has begun.</summary>
    public static async Task ErrorAsync(HttpResponse response, int statusCode, string error)
    {
        if (response.HasStarted) return;
        await JsonAsync(response, new ErrorDocument(error), statusCode);
    }

    /// <summary>True when the caller would rather have JSON than text.</summary>
    public static bool WantsJson(HttpRequest request) =>
        request.GetTypedHeaders().Accept.OrderByDescending(static a => a.Quality ?? 1)
            .FirstOrDefault(
                static a => a.MediaType.Value is "application/json" or "text/plain" or "text/*" or "*/*" or "text/html")
            ?.MediaType.Value == "application/json";
}

/// <summary>What went wrong, for the caller.</summary>
/// <param name="Error">One sentence.</param>
internal sealed record ErrorDocument(string Error);
