namespace Feeds.System.Tests.Journal;

/// <summary>A mounted file system that goes with the test.</summary>
internal sealed class Mount(string folder) : IDisposable
{
    public void Dispose() => Tool.Try("umount", "-l", folder);
}
