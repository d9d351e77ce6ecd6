using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Feeds.Dashboard;

/// <summary>
/// The files of the page, out of the program itself: it works without any network but the node's own.
/// </summary>
internal static class DashboardPage
{
    private static readonly (string Path, string File, string ContentType)[] Files =
    [
        ("/", "index.html", "text/html; charset=utf-8"),
        ("/dashboard.js", "dashboard.js", "text/javascript; charset=utf-8"),
        ("/dashboard.css", "dashboard.css", "text/css; charset=utf-8"),
        ("/favicon.svg", "favicon.svg", "image/svg+xml"),
    ];

    /// <summary>True for the page's own files: they hold no data, so they need no token.</summary>
    public static bool IsFile(string path) => Files.Any(file => file.Path == path);

    /// <summary>Adds the files.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach ((string path, string file, string contentType) in Files)
        {
            byte[] content = Read(file);
            routes.MapGet(path, (RequestDelegate)(async context =>
            {
                context.Response.ContentType = contentType;
                context.Response.ContentLength = content.Length;
                await context.Response.Body.WriteAsync(content, context.RequestAborted);
            }));
        }
    }

    private static byte[] Read(string file)
    {
        using Stream stream = typeof(DashboardPage).Assembly.GetManifestResourceStream($"Feeds.Dashboard.Page.{file}")
            ?? throw new InvalidOperationException($"{file} is not in the program.");
        using MemoryStream content = new();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
