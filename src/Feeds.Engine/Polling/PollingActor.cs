using Feeds.Actors;

namespace Feeds.Engine.Polling;

/// <summary>The parent of the pollers; takes no messages of its own.</summary>
internal sealed class PollingActor(IReadOnlyList<(string Name, Props<PollerActor.Poll> Props)> pollers)
    : Actor<PollingActor.None>
{
    protected override ValueTask PreStart(CancellationToken stopping)
    {
        foreach ((string name, Props<PollerActor.Poll> props) in pollers)
        {
            Context.ActorOf(props, name);
        }

        return default;
    }

    protected override ValueTask Receive(None message, CancellationToken stopping) => default;

    /// <summary>Nothing is said to it.</summary>
    internal readonly record struct None;
}
