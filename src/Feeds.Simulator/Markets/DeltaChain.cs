namespace Feeds.Simulator.Markets;

/// <summary>
/// Where one diff stream of a symbol stands: every delta it takes continues the one before (<c>pu</c> = <c>u</c>
/// before). A market keeps what it needs to know in a subclass.
/// </summary>
internal abstract class DeltaChain
{
    /// <summary>
    /// Last update id (<c>u</c>) of the newest delta taken; before the first one, the id where the chain begins.
    /// </summary>
    public long LastUpdateId { get; set; }
}
