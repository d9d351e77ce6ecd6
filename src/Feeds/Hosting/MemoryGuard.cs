using System.Runtime.ExceptionServices;

namespace Feeds.Hosting;

/// <summary>
/// Ends the process at the first sign that memory has run out. An actor would be restarted, but what it was in the
/// middle of may be shared, as the journal's buffers are; a process that dies leaves what every killed one leaves, and
/// the next start goes on from it.
/// </summary>
internal sealed class MemoryGuard : IDisposable
{
    private const string Message =
        "feeds: out of memory, threads or handles; the process ends at once, and the next start goes on from its "
        + "journal";

    /// <summary>Begins to watch.</summary>
    public MemoryGuard() => AppDomain.CurrentDomain.FirstChanceException += Look;

    /// <summary>Ends the watch.</summary>
    public void Dispose() => AppDomain.CurrentDomain.FirstChanceException -= Look;

    private static void Look(object? sender, FirstChanceExceptionEventArgs e)
    {
        if (e.Exception is OutOfMemoryException)
        {
            Environment.FailFast(Message);
        }
    }
}
