using System.Text.Json;
using System.Text.Json.Nodes;
using Feeds.Engine.Symbols;
using Feeds.Actors.Tree;
using Feeds.Core.Market;
using Feeds.Engine.Health;
using Feeds.Terminal;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Feeds.Http;

/// <summary>
/// Looks into the running node and changes it: <c>/actors…</c> and <c>/symbols…</c>. Changes are POST with JSON.
/// </summary>
internal sealed class ControlRoutes(INodeSurface node, OwnerRelay relay)
{
    /// <summary>Adds the pages.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(
            "/actors",
            (RequestDelegate)(context => Answers.JsonAsync(context.Response, ActorDocument.Of(node.Tree()))));
        routes.MapGet("/actors/inspect", (RequestDelegate)InspectAsync);
        routes.MapPost("/actors/restart", (RequestDelegate)RestartAsync);
        routes.MapPost("/actors/stop", (RequestDelegate)StopAsync);
        routes.MapGet("/symbols", (RequestDelegate)SymbolsAsync);
        routes.MapPost("/symbols/add", (RequestDelegate)AddAsync);
        routes.MapPost("/symbols/remove", (RequestDelegate)RemoveAsync);
        routes.MapGet("/cluster", (RequestDelegate)ClusterAsync);
        routes.MapPost("/cluster/leave", (RequestDelegate)LeaveAsync);
    }

    private async Task InspectAsync(HttpContext context)
    {
        string path = context.Request.Query["path"].ToString();
        if (Find(node.Tree(), path) is not { } actor)
        {
            await ElsewhereAsync(context, path, $"/actors/inspect?path={Uri.EscapeDataString(path)}", body: null);
            return;
        }
        object? state = await node.InspectAsync(path, context.RequestAborted);
        await Answers.JsonAsync(context.Response, ActorDocument.Of(actor) with
        {
            Children = [],
            Failures = [.. actor.Failures.Select(FailureDocument.Of)],
            Inspection = Shown(state),
        });
    }

    // Coverage as /coverage tells it, not as the core keeps it.
    private static JsonNode? Shown(object? state)
    {
        JsonNode? shown = state is null
            ? null : JsonSerializer.SerializeToNode(state, state.GetType(), StatusDocuments.Json);
        if (state is SymbolInspection { Coverage: { } coverage })
            shown!["coverage"] = JsonSerializer.SerializeToNode(
                CoverageDocument.Of(coverage, minutes: 0), StatusDocuments.Json);
        return shown;
    }

    private async Task RestartAsync(HttpContext context)
    {
        string path = (await ReadAsync<ActorRequest>(context)).Path ?? "";
        if (node.Restart(path)) await DoneAsync(context, $"{path} restarts");
        else await ElsewhereAsync(context, path, "/actors/restart", new ActorRequest(path));
    }

    private async Task StopAsync(HttpContext context)
    {
        string path = (await ReadAsync<ActorRequest>(context)).Path ?? "";
        if (node.Stop(path)) await DoneAsync(context, $"{path} stops");
        else await ElsewhereAsync(context, path, "/actors/stop", new ActorRequest(path));
    }

    // In a cluster the symbols of the others as well, with where they are.
    private Task SymbolsAsync(HttpContext context)
    {
        NodeStatus status = node.Status();
        IEnumerable<WatchedDocument> own =
            status.Symbols.Select(
                static s => new WatchedDocument(s.Symbol.Text, s.Health.ToString().ToUpperInvariant()));
        HashSet<Symbol> here = [.. status.Symbols.Select(static s => s.Symbol)];
        IEnumerable<WatchedDocument> others = (status.Cluster?.View?.Symbols ?? []).Where(
            lease => !here.Contains(lease.Symbol))
            .Select(static lease => new WatchedDocument(
                lease.Symbol.Text, lease.Owner is { } owner ? $"AT {owner}" : "FREE"));
        return Answers.JsonAsync(context.Response, own.Concat(others));
    }

    private Task ClusterAsync(HttpContext context) => node.Status().Cluster is { } cluster
        ? Answers.JsonAsync(context.Response, ClusterDocument.Of(cluster))
        : Answers.ErrorAsync(
            context.Response, StatusCodes.Status404NotFound,
            "this node is no member of a cluster: cluster.enabled is false");

    private async Task LeaveAsync(HttpContext context)
    {
        string name = (await ReadAsync<LeaveRequest>(context)).Node ?? "";
        if (await node.LeaveAsync(name, context.RequestAborted))
            await DoneAsync(context, $"{PlainText.Of(name)} hands its symbols over and stops");
        else await Answers.ErrorAsync(
            context.Response, StatusCodes.Status404NotFound, $"there is no node {PlainText.Of(name)} in the cluster");
    }

    private async Task AddAsync(HttpContext context)
    {
        Symbol symbol = Symbol.Parse((await ReadAsync<SymbolRequest>(context)).Symbol ?? "");
        if (await node.AddSymbolAsync(symbol, context.RequestAborted))
            await DoneAsync(context, $"{symbol} is watched from now on");
        else await Answers.ErrorAsync(context.Response, StatusCodes.Status409Conflict, $"{symbol} is watched already");
    }

    private async Task RemoveAsync(HttpContext context)
    {
        Symbol symbol = Symbol.Parse((await ReadAsync<SymbolRequest>(context)).Symbol ?? "");
        if (await node.RemoveSymbolAsync(symbol, context.RequestAborted))
            await DoneAsync(context, $"{symbol} is watched no longer");
        else await Answers.ErrorAsync(context.Response, StatusCodes.Status404NotFound, $"{symbol} is not watched");
    }

    private static async Task<T> ReadAsync<T>(HttpContext context)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(
                context.Request.Body, StatusDocuments.Json, context.RequestAborted)
                ?? throw new BadHttpRequestException("empty");
        }
        catch (JsonException e)
        {
            throw new BadHttpRequestException("the body is not the JSON that is wanted here", e);
        }
    }

    private static ActorNode? Find(ActorNode at, string path)
    {
        if (at.Path == path) return at;
        return at.Children.Select(child => Find(child, path)).FirstOrDefault(static found => found is not null);
    }

    private static Task DoneAsync(HttpContext context, string done) =>
        Answers.JsonAsync(context.Response, new DoneDocument(done));

    // The actor of a symbol may be at another node of the cluster.
    private async Task ElsewhereAsync(HttpContext context, string path, string page, object? body)
    {
        if (OwnerRelay.SymbolIn(path) is { } symbol && await relay.AskAsync(context, symbol, page, body) is { } answer)
            await answer.WriteAsync(context.Response);
        else
            await NoActorAsync(context, path);
    }

    private static Task NoActorAsync(HttpContext context, string path) => Answers.ErrorAsync(
        context.Response, StatusCodes.Status404NotFound,
        $"there is no actor {(path.Length == 0 ? "without a path" : PlainText.Of(path))}");
}
