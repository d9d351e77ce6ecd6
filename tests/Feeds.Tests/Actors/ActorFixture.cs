using Feeds.Actors;
using Feeds.Actors.Supervision;
using Feeds.Actors.Tree;
using Feeds.Tests.Time;

namespace Feeds.Tests.Actors;

/// <summary>A system on a clock that is moved by hand, with what happens in it recorded.</summary>
public abstract class ActorFixture : IAsyncDisposable
{
    private protected ActorFixture() => System = new ActorSystem("test", Clock, Events, seed: 7);

    private protected ManualTimeProvider Clock { get; } = new();

    private protected RecordedEvents Events { get; } = new();

    private protected ActorSystem System { get; }

    private protected Probe Probe { get; } = new();

    /// <summary>Restarts after 1, 2, 4… seconds sharp.</summary>
    private protected static SupervisorStrategy Sharp { get; } = new() { Backoff = new Backoff { Jitter = 0 } };

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        // A test that failed may leave an actor that never stops; the clock stands still, so the wait is real.
        await System.DisposeAsync().AsTask().Ends();
    }

    private protected Props<string> Failing(SupervisorStrategy supervision)
    {
        Probe.OnMessage = static (_, message, _) =>
            message.StartsWith('!') ? throw new PoisonException(message) : default;
        return Probe.Props with { Supervision = supervision };
    }

    private protected static Task Becomes(IActorRef actor, ActorState state) =>
        Eventually.True(() => actor.State == state, $"{actor.Path} {state}, is {actor.State}");

    private protected ActorNode Node(string path) => Nodes(System.Tree()).Single(node => node.Path == path);

    private protected static IEnumerable<ActorNode> Nodes(ActorNode root) =>
        root.Children.SelectMany(Nodes).Prepend(root);
}

internal sealed class PoisonException(string message) : Exception(message);
