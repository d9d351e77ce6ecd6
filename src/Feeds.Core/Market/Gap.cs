namespace Feeds.Core.Market;

/// <summary>A stretch of a feed that is known to be missing.</summary>
/// <param name="Feed">Which feed.</param>
/// <param name="FromId">First missing id; 0 where the feed has none.</param>
/// <param name="ToId">Last missing id; 0 where the feed has none.</param>
/// <param name="FromTime">Start of the stretch, epoch ms, exclusive; 0 when unknown.</param>
/// <param name="ToTime">End of the stretch, epoch ms; 0 when unknown.</param>
/// <param name="Reason">A word such as <c>disconnected</c>, <c>sequence</c>, <c>restarted</c>.</param>
public sealed record Gap(Feed Feed, long FromId, long ToId, long FromTime, long ToTime, string Reason)
{
    /// <summary>
    /// The reason of a feed whose ids begin anew because the symbol was listed again; nothing is missing.
    /// </summary>
    public const string Relisted = "relisted";

    /// <summary>
    /// The reason of trade ids that are missing and will not be asked for any more: the numbering begins anew, or there
    /// are too many holes.
    /// </summary>
    public const string Forgotten = "forgotten";

    /// <summary>
    /// The reason of a stretch of bars that was fetched: of it, and of all before it, every bar that exists has come.
    /// Nothing is missing but what the exchange itself does not have.
    /// </summary>
    public const string Fetched = "fetched";

    /// <summary>
    /// The reason of a depth feed whose book lost its continuity: nothing of it holds, however new it is, until the
    /// feed is connected again and a book came.
    /// </summary>
    public const string Resync = "resync";
}
