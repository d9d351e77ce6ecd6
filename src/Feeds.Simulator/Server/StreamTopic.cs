namespace Feeds.Simulator.Server;

/// <summary>One stream that somebody asked for at least once, and who listens to it now.</summary>
internal sealed class StreamTopic
{
    private readonly Lock _gate = new();
    private volatile StreamConnection[] _listeners = [];

    public StreamTopic(string name, StreamName parts, string symbol, int index)
    {
        Name = name;
        Parts = parts;
        Symbol = symbol;
        Index = index;
    }

    /// <summary>The name as clients write it.</summary>
    public string Name { get; }

    public StreamName Parts { get; }

    /// <summary>The symbol as the venue writes it; empty for streams of all symbols.</summary>
    public string Symbol { get; }

    /// <summary>Position in the order in which streams were first asked for.</summary>
    public int Index { get; }

    public StreamConnection[] Listeners => _listeners;

    public void Add(StreamConnection connection)
    {
        lock (_gate)
        {
            if (Array.IndexOf(_listeners, connection) < 0)
            {
                _listeners = [.. _listeners, connection];
            }
        }
    }

    public void Remove(StreamConnection connection)
    {
        lock (_gate)
        {
            _listeners = Array.FindAll(_listeners, listener => listener != connection);
        }
    }
}
