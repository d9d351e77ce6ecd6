namespace Feeds.Commands.Verification;

/// <summary>What tells a journaled event from others of its feed.</summary>
/// <param name="Key">
/// <c>a</c> of a trade, <c>u</c> of a book or best price, the open time of a bar, the event time else.
/// </param>
/// <param name="ReceiveTime">Epoch ms, the node's clock.</param>
/// <param name="Conflated">How many newer ones replaced its waiting predecessors in the mailbox.</param>
/// <param name="IsFromStream">False when it was polled or filled in.</param>
internal readonly record struct JournaledEvent(long Key, long ReceiveTime, int Conflated, bool IsFromStream);
