using Feeds.Actors;

namespace Feeds.Tests.Actors;

/// <summary>Takes numbers and does nothing with them.</summary>
internal sealed class Quiet : Actor<int>
{
    protected override ValueTask Receive(int message, CancellationToken stopping) => default;
}
