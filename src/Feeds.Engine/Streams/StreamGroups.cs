using Feeds.Binance.Streams;

namespace Feeds.Engine.Streams;

/// <summary>Which stream stands on which connection. Changed by the hub alone, read from any thread.</summary>
internal sealed class StreamGroups(Uri streamUrl, int maxStreams)
{
    private volatile StreamGroup[] _all = [];

    /// <summary>All groups, in the order in which they were made.</summary>
    public IReadOnlyList<StreamGroup> All => _all;

    /// <summary>Puts streams where there is room, making groups as needed; returns what went where.</summary>
    public IReadOnlyList<(StreamGroup Group, List<StreamName> Added)> Add(IEnumerable<StreamName> streams)
    {
        Dictionary<StreamGroup, List<StreamName>> added = [];
        foreach (StreamName stream in streams)
        {
            if (_all.Any(group => group.Streams.Contains(stream)))
            {
                continue;
            }

            StreamGroup group = _all.FirstOrDefault(
                each => each.Endpoint.Route == stream.Route && each.Streams.Count < maxStreams) ?? Make(stream.Route);
            group.Add([stream]);
            if (!added.TryGetValue(group, out List<StreamName>? list))
            {
                added[group] = list = [];
            }

            list.Add(stream);
        }

        return [.. added.Select(each => (each.Key, each.Value))];
    }

    /// <summary>Takes streams away; returns what was where.</summary>
    public IReadOnlyList<(StreamGroup Group, List<StreamName> Removed)> Remove(IReadOnlyCollection<StreamName> streams)
    {
        List<(StreamGroup, List<StreamName>)> removed = [];
        foreach (StreamGroup group in _all)
        {
            List<StreamName> here = [.. streams.Where(group.Streams.Contains)];
            if (here.Count > 0)
            {
                group.Remove(here);
                removed.Add((group, here));
            }
        }

        return removed;
    }

    private StreamGroup Make(StreamRoute route)
    {
        string prefix = route == StreamRoute.Public ? "public" : "market";
        int number = _all.Count(group => group.Endpoint.Route == route) + 1;
        StreamGroup group = new($"{prefix}-{number}", StreamEndpoint.For(streamUrl, route));
        _all = [.. _all, group];
        return group;
    }
}
