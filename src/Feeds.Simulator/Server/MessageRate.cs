namespace Feeds.Simulator.Server;

/// <summary>How many messages a client sent within a second, against what it may.</summary>
/// <param name="perSecond">The most that it may send in any second.</param>
internal sealed class MessageRate(int perSecond)
{
    private readonly Queue<long> _times = new();

    /// <summary>Takes a message. True when it is one too many.</summary>
    /// <param name="now">The venue's clock, epoch ms.</param>
    public bool IsTooMany(long now)
    {
        while (_times.TryPeek(out long at) && now - at >= 1000)
        {
            _times.Dequeue();
        }

        _times.Enqueue(now);
        return _times.Count > perSecond;
    }
}
