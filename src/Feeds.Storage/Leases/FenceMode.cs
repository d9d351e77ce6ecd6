namespace Feeds.Storage.Leases;

/// <summary>
/// How a writer checks its leases. All but the first are wrong, and there so that a test can show it.
/// </summary>
internal enum FenceMode
{
    /// <summary>
    /// The rows of the leases are locked FOR SHARE until the commit: nobody can take a symbol in between.
    /// </summary>
    Share,

    /// <summary>Checked without a lock: a symbol can be taken between check and commit.</summary>
    NoLock,

    /// <summary>Not checked.</summary>
    Off,
}
