using Feeds.Engine.Health;

namespace Feeds.Http;

/// <summary>What the endpoint shows of a node and lets others do to it; safe from any thread.</summary>
internal interface INodeSurface
{
    /// <summary>Returns how the node stands now.</summary>
    NodeStatus Status();
}
