namespace Feeds.Actors.Tree;

/// <summary>The living children of one place in the tree, by name, in the order in which they were made.</summary>
internal sealed class ChildSet
{
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, ActorCell> _cells = new(StringComparer.Ordinal);
    private bool _closed;

    /// <summary>Adds a child. Null when it is in; otherwise why it is not.</summary>
    public string? TryAdd(ActorCell cell)
    {
        lock (_gate)
        {
            if (_closed) return "its parent is stopping";
            return _cells.TryAdd(cell.Name, cell) ? null : "the name is taken";
        }
    }

    public void Remove(ActorCell cell)
    {
        lock (_gate) _cells.Remove(cell.Name);
    }

    public ActorCell? Find(string name)
    {
        lock (_gate) return _cells.GetValueOrDefault(name);
    }

    public ActorCell[] ToArray()
    {
        lock (_gate) return [.. _cells.Values];
    }

    /// <summary>Takes no more children until <see cref="Open"/>.</summary>
    public void Close()
    {
        lock (_gate) _closed = true;
    }

    public void Open()
    {
        lock (_gate) _closed = false;
    }

    /// <summary>Takes no more children, stops all, and ends when they are gone.</summary>
    public async Task StopAllAsync(StopMode mode)
    {
        Close();
        var cells = ToArray();
        foreach (var cell in cells) cell.RequestStop(mode);
        foreach (var cell in cells) await cell.Stopped;
    }
}
