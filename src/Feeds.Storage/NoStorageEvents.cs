namespace Feeds.Storage;

/// <summary>Tells nobody.</summary>
public sealed class NoStorageEvents : IStorageEvents
{
    private NoStorageEvents()
    {
    }

    /// <summary>The one instance.</summary>
    public static NoStorageEvents Instance { get; } = new();
}
