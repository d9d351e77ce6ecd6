namespace Feeds.Engine;

/// <summary>How a node takes part in a cluster.</summary>
/// <param name="Name">Its configured name; one process at a time has it.</param>
/// <param name="Address">
/// Returns where other nodes reach its endpoint, such as <c>http://node1:8080</c>; empty when they do not.
/// </param>
public sealed record ClusterMembership(string Name, Func<string> Address);
