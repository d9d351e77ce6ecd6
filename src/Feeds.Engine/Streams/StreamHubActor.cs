using Feeds.Actors;

namespace Feeds.Engine.Streams;

/// <summary>
/// Spreads streams over connections, at most so many on each, and starts an actor per connection. A stream stays where
/// it was put; a new one goes where there is room; a connection without streams is closed.
/// </summary>
internal sealed class StreamHubActor : Actor<StreamHubMessage>
{
    private readonly StreamGroups _groups;
    private readonly Func<StreamGroup, Props<StreamMessage>> _props;
    private readonly Dictionary<string, ActorRef<StreamMessage>> _actors = new(StringComparer.Ordinal);

    public StreamHubActor(StreamGroups groups, Func<StreamGroup, Props<StreamMessage>> props)
    {
        _groups = groups;
        _props = props;
    }

    protected override ValueTask PreStart(CancellationToken stopping)
    {
        foreach (StreamGroup group in _groups.All)
        {
            Start(group);
        }

        return default;
    }

    protected override async ValueTask Receive(StreamHubMessage message, CancellationToken stopping)
    {
        foreach (StreamGroup group in _groups.Remove(message.Remove).Union(_groups.Add(message.Add)))
        {
            if (group.Streams.IsEmpty)
            {
                await CloseAsync(group);
            }
            else if (_actors.TryGetValue(group.Name, out ActorRef<StreamMessage>? actor))
            {
                // It looks itself for what is wanted and not asked for: what waits meanwhile goes out together.
                actor.Tell(new StreamMessage.Changed());
            }
            else
            {
                Start(group);
            }
        }
    }

    private void Start(StreamGroup group) => _actors[group.Name] = Context.ActorOf(_props(group), group.Name);

    private async ValueTask CloseAsync(StreamGroup group)
    {
        if (_actors.Remove(group.Name, out ActorRef<StreamMessage>? actor))
        {
            Context.Stop(actor);
            await actor.Stopped;
        }

        // Only now: its name is free in the tree as well.
        _groups.Forget(group);
    }
}
