namespace Feeds.Simulator.Server;

/// <summary>The path of a stream connection taken apart.</summary>
/// <param name="Route">Which streams it delivers.</param>
/// <param name="IsCombined">True for <c>/stream</c>, whose messages have an envelope.</param>
/// <param name="Streams">Streams named in the path itself (<c>/ws/a/b</c>).</param>
internal sealed record StreamPath(StreamRoute Route, bool IsCombined, IReadOnlyList<string> Streams)
{
    /// <summary>Returns the parts of a path; null when it is none of a stream connection.</summary>
    public static StreamPath? Parse(string path)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        int at = 0;
        StreamRoute route = StreamRoute.Public; // without a route: the old address, which serves public streams only
        if (parts.Length > 0 && parts[0] is "public" or "market" or "private")
        {
            route = parts[0] switch
            {
                "market" => StreamRoute.Market,
                "private" => StreamRoute.Private,
                _ => StreamRoute.Public,
            };
            at = 1;
        }

        if (parts.Length <= at || parts[at] is not ("ws" or "stream"))
        {
            return null;
        }

        return new StreamPath(route, parts[at] == "stream", parts[at] == "ws" ? parts[(at + 1)..] : []);
    }
}
