using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Feeds.Http;

/// <summary>What another node answered, or what is answered in its place.</summary>
/// <param name="StatusCode">The HTTP status.</param>
/// <param name="Json">The body.</param>
internal sealed record RelayedAnswer(int StatusCode, byte[] Json)
{
    /// <summary>Returns an answer that says why there is none.</summary>
    public static RelayedAnswer Error(int statusCode, string error) =>
        new(statusCode, JsonSerializer.SerializeToUtf8Bytes(new ErrorDocument(error), StatusDocuments.Json));

    /// <summary>Writes it to who asked.</summary>
    public async Task WriteAsync(HttpResponse response)
    {
        response.StatusCode = StatusCode;
        response.ContentType = "application/json; charset=utf-8";
        await response.Body.WriteAsync(Json, response.HttpContext.RequestAborted);
    }
}
