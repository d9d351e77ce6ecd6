namespace Feeds.Engine.Health;

/// <summary>A server or file in which the node keeps things, or its lease.</summary>
/// <param name="Name">Which: <c>postgres</c>, <c>lease</c>, or a sink that fails such as <c>csv</c>.</param>
/// <param name="IsOk">True when it answers and takes what it is given.</param>
/// <param name="Detail">A phrase for people, without anything secret in it.</param>
public sealed record StoreStatus(string Name, bool IsOk, string Detail);
