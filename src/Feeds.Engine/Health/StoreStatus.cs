namespace Feeds.Engine.Health;

/// <summary>A server in which the node keeps things.</summary>
/// <param name="Name">Which: <c>postgres</c> or <c>redis</c>.</param>
/// <param name="IsOk">True when it answers and takes what it is given.</param>
/// <param name="Detail">A phrase for people, without anything secret in it.</param>
public sealed record StoreStatus(string Name, bool IsOk, string Detail);
