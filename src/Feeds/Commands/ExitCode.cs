namespace Feeds.Commands;

/// <summary>What the program tells who called it.</summary>
internal static class ExitCode
{
    /// <summary>Done; healthy.</summary>
    public const int Ok = 0;

    /// <summary>Degraded, or the work failed.</summary>
    public const int Failed = 1;

    /// <summary>Bad usage or configuration, or no node could be reached: nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>What was to be compared has nothing in common.</summary>
    public const int NothingInCommon = 3;

    /// <summary>The disk did not confirm what was written, so that nothing more may be built on it.</summary>
    public const int DiskSuspect = 4;

    /// <summary>Ended by a second Ctrl-C or SIGTERM, without waiting.</summary>
    public const int Interrupted = 130;
}
