namespace Feeds.Simulator.Server;

/// <summary>Which streams a connection's path delivers.</summary>
public enum StreamRoute
{
    /// <summary><c>/public/…</c>, and paths without a route: books and best prices.</summary>
    Public,

    /// <summary><c>/market/…</c>: everything else.</summary>
    Market,

    /// <summary><c>/private/…</c>: nothing of ours.</summary>
    Private,
}
