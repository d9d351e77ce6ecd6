namespace Feeds.Storage.Leases;

/// <summary>A node as the referee sees it. Times are epoch ms by the database's clock.</summary>
/// <param name="NodeId">
/// The configured name and the number of its start, such as <c>a@3</c>: a restarted process is another node.
/// </param>
/// <param name="Address">
/// Where its HTTP server is reached by other nodes, such as <c>http://10.0.0.2:8080</c>; may be empty.
/// </param>
/// <param name="StartTime">When it joined.</param>
/// <param name="ExpiryTime">Its lease: until when it owns what it has taken, unless it renews.</param>
/// <param name="IsDraining">True when it takes nothing new and gives away what it has.</param>
/// <param name="IsAlive">True while its lease has not expired.</param>
public sealed record Member(
    string NodeId, string Address, long StartTime, long ExpiryTime, bool IsDraining, bool IsAlive);
