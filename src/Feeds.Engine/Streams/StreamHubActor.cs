using Feeds.Actors;
using Feeds.Binance.Streams;

namespace Feeds.Engine.Streams;

/// <summary>
/// Spreads streams over connections, at most so many on each, and starts an actor per connection. A stream stays where it was put;
/// a new one goes where there is room.
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
        foreach ((StreamGroup group, List<StreamName> removed) in _groups.Remove(message.Remove))
        {
            await _actors[group.Name].TellAsync(new StreamMessage.Changed([], removed), stopping);
        }

        foreach ((StreamGroup group, List<StreamName> added) in _groups.Add(message.Add))
        {
            if (_actors.TryGetValue(group.Name, out ActorRef<StreamMessage>? actor))
            {
                await actor.TellAsync(new StreamMessage.Changed(added, []), stopping);
            }
            else
            {
                Start(group);
            }
        }
    }

    private void Start(StreamGroup group) => _actors[group.Name] = Context.ActorOf(_props(group), group.Name);
}
