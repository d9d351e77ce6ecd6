using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Feeds.Configuration;
using Feeds.Engine.Health;
using Feeds.Storage.Leases;
using Feeds.Terminal;
using Microsoft.AspNetCore.Http;

namespace Feeds.Http;

/// <summary>
/// Passes a request about a symbol that another node of the cluster owns on to that node, once, with this node's token:
/// all have the same. A request that was passed on names whom it is for, so that no node takes it for another's and
/// none sends it further.
/// </summary>
internal sealed class OwnerRelay : IDisposable
{
    /// <summary>The header of a request that was passed on: the node that it is for.</summary>
    public const string ForHeader = "Feeds-For";

    private const int MaxAnswerBytes = 64 << 20;

    // Longer than a node waits for its own actor, shorter than the program waits for the node that it asks.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(8);

    private readonly INodeSurface _node;
    private readonly HttpClient _http;

    /// <summary>Makes the relay of a node.</summary>
    public OwnerRelay(INodeSurface node, HttpOptions options)
    {
        _node = node;
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })
        {
            Timeout = Timeout,
            MaxResponseContentBufferSize = MaxAnswerBytes,
        };
        if (options.Token is { } token)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Reveal());
    }

    /// <summary>
    /// Returns what the owner of a symbol answers, or why it cannot be asked; null when the symbol is no other node's
    /// affair: this node is alone, or nobody watches the symbol.
    /// </summary>
    /// <param name="context">The request, about a symbol that this node does not run.</param>
    /// <param name="symbol">The symbol's text, as the caller wrote it.</param>
    /// <param name="page">The page to ask, with its query; with a body it is a POST.</param>
    /// <param name="body">What to send as JSON; null to read.</param>
    public async Task<RelayedAnswer?> AskAsync(HttpContext context, string symbol, string page, object? body = null)
    {
        if (_node.Status().Cluster is not { View: { } view } cluster) return null;
        if (view.Symbols.FirstOrDefault(lease => lease.Symbol.Text == symbol) is not { } lease) return null;
        if (context.Request.Headers.TryGetValue(ForHeader, out var meant) && meant != cluster.NodeId)
        {
            return RelayedAnswer.Error(
                StatusCodes.Status421MisdirectedRequest,
                $"this is {cluster.NodeId}, not {PlainText.Of(meant.ToString())}: nodes of a "
                + "cluster need addresses at which the others reach them");
        }

        return Unreachable(lease, view, cluster, meant.Count > 0) is { } why
            ? RelayedAnswer.Error(StatusCodes.Status503ServiceUnavailable, why)
            : await SendAsync(
                lease, view.Members.Single(member => member.NodeId == lease.Owner), page, body, context.RequestAborted);
    }

    /// <summary>
    /// Returns the symbol in an actor's path such as <c>symbols/BTCUSDT</c>; null when it is no symbol's.
    /// </summary>
    public static string? SymbolIn(string path) =>
        path.StartsWith("symbols/", StringComparison.Ordinal) && path.LastIndexOf('/') == 7 && path.Length > 8
            ? path[8..] : null;

    /// <summary>Closes the connections to other nodes.</summary>
    public void Dispose() => _http.Dispose();

    private static string? Unreachable(SymbolLease lease, ClusterView view, ClusterStatus cluster, bool isPassedOn)
    {
        if (lease.Owner is not { } owner)
            return $"no node has {lease.Symbol} at the moment; it is taken within seconds, ask again then";
        if (owner == cluster.NodeId)
            return $"{lease.Symbol} is just being started or stopped by {owner}; ask again in a moment";
        if (isPassedOn) return $"{lease.Symbol} went from {cluster.NodeId} to {owner}; ask again in a moment";
        Member? member = view.Members.FirstOrDefault(each => each.NodeId == owner);
        if (member is not { IsAlive: true })
            return $"{lease.Symbol} is at {owner}, which is dead; another node takes it over within seconds";
        return member.Address.Length == 0 ? $"{lease.Symbol} is at {owner}, whose address is not known" : null;
    }

    private async Task<RelayedAnswer> SendAsync(
        SymbolLease lease, Member owner, string page, object? body, CancellationToken cancellationToken)
    {
        string where = $"{lease.Symbol} is at {owner.NodeId} ({PlainText.Of(owner.Address)})";
        if (!Uri.TryCreate(owner.Address, UriKind.Absolute, out Uri? address)
            || address.Scheme is not ("http" or "https"))
            return RelayedAnswer.Error(StatusCodes.Status502BadGateway, $"{where}, which is no address");
        using HttpRequestMessage request = new(body is null ? HttpMethod.Get : HttpMethod.Post, new Uri(address, page));
        request.Headers.Add(ForHeader, owner.NodeId);
        if (body is not null) request.Content = JsonContent.Create(body, body.GetType(), options: StatusDocuments.Json);
        try
        {
            using HttpResponseMessage answer = await _http.SendAsync(request, cancellationToken);
            return answer.StatusCode switch
            {
                HttpStatusCode.Unauthorized => RelayedAnswer.Error(
                    StatusCodes.Status502BadGateway,
                    $"{where}, which does not take this node's token: all nodes need the same http.token"),
                HttpStatusCode.MisdirectedRequest => RelayedAnswer.Error(
                    StatusCodes.Status502BadGateway,
                    $"{where}, where another node or program answers, or one that is not called by that name"),
                _ => new RelayedAnswer(
                    (int)answer.StatusCode, await answer.Content.ReadAsByteArrayAsync(cancellationToken)),
            };
        }
        catch (Exception e) when (e is HttpRequestException
            || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return RelayedAnswer.Error(
                StatusCodes.Status502BadGateway,
                $"{where}, which does not answer: {PlainText.Of(e.InnerException?.Message ?? e.Message)}");
        }
    }
}
