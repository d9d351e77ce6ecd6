using Feeds.Simulator.Server;

namespace Feeds.Simulator.Faults;

/// <summary>The faults in force.</summary>
internal sealed class FaultBoard
{
    private readonly List<FaultKind> _active = [];

    public bool MayTouch(StreamTopic topic) => _active.Count > 0 && topic.Index >= 0;

    public void Deliver(StreamConnection listener, in OutgoingFrame frame)
    {
        if (_active.Count == 0)
        {
            listener.Offer(frame);
        }
    }
}
