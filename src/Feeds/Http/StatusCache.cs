using Feeds.Engine.Health;

namespace Feeds.Http;

/// <summary>A status that is taken at most every so often, however many ask.</summary>
internal sealed class StatusCache(Func<NodeStatus> take, TimeProvider time, TimeSpan maxAge)
{
    private readonly Lock _gate = new();
    private NodeStatus? _status;
    private long _takenAt;

    /// <summary>Returns the status, at most the given age old.</summary>
    public NodeStatus Get()
    {
        lock (_gate)
        {
            if (_status is null || time.GetElapsedTime(_takenAt) >= maxAge)
            {
                _status = take();
                _takenAt = time.GetTimestamp();
            }
            return _status;
        }
    }
}
