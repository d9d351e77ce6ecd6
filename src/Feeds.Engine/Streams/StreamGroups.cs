using Feeds.Binance.Streams;

namespace Feeds.Engine.Streams;

/// <summary>Which stream stands on which connection. Changed by the hub alone, read from any thread.</summary>
internal sealed class StreamGroups(Uri streamUrl, int maxStreams)
{
    private volatile StreamGroup[] _all = [];

    /// <summary>What all of them counted, those that are gone included.</summary>
    public StreamTotals Totals { get; } = new();

    /// <summary>All groups, in the order in which they were made.</summary>
    public IReadOnlyList<StreamGroup> All => _all;

    /// <summary>Puts streams where there is room, making groups as needed; returns the groups that changed.</summary>
    public IReadOnlyCollection<StreamGroup> Add(IEnumerable<StreamName> streams)
    {
        HashSet<StreamGroup> changed = [];
        foreach (StreamName stream in streams)
        {
            if (_all.Any(group => group.Streams.Contains(stream)))
            {
                continue;
            }

            StreamGroup group = _all.FirstOrDefault(
                each => each.Endpoint.Route == stream.Route && each.Streams.Count < maxStreams) ?? Make(stream.Route);
            group.Add([stream]);
            changed.Add(group);
        }

        return changed;
    }

    /// <summary>Takes streams away; returns the groups that changed, empty ones among them.</summary>
    public IReadOnlyCollection<StreamGroup> Remove(IReadOnlyCollection<StreamName> streams)
    {
        List<StreamGroup> changed = [];
        foreach (StreamGroup group in _all)
        {
            List<StreamName> here = [.. streams.Where(group.Streams.Contains)];
            if (here.Count > 0)
            {
                group.Remove(here);
                changed.Add(group);
            }
        }

        return changed;
    }

    /// <summary>Forgets a group whose connection is closed; its name may be given again.</summary>
    public void Forget(StreamGroup group) => _all = [.. _all.Where(each => each != group)];

    private StreamGroup Make(StreamRoute route)
    {
        string prefix = route == StreamRoute.Public ? "public" : "market";
        int number = 1;
        while (_all.Any(group => group.Name == $"{prefix}-{number}"))
        {
            number++;
        }

        StreamGroup group = new($"{prefix}-{number}", StreamEndpoint.For(streamUrl, route), Totals);
        _all = [.. _all, group];
        return group;
    }
}
