namespace Feeds.Storage.Journals;

/// <summary>Tells of each damaged place once, though several workers meet it. Safe from several threads.</summary>
internal sealed class OnceEvents(IStorageEvents inner) : IStorageEvents
{
    private readonly Lock _gate = new();
    private readonly HashSet<(string Path, long Offset)> _told = [];

    public void Damaged(string path, long offset, long bytes, string what)
    {
        lock (_gate)
        {
            if (_told.Add((path, offset)))
            {
                inner.Damaged(path, offset, bytes, what);
            }
        }
    }
}
