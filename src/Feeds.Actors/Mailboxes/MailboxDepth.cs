namespace Feeds.Actors.Mailboxes;

/// <summary>How full a mailbox is.</summary>
/// <param name="Commands">Commands that wait.</param>
/// <param name="CommandCapacity">Most commands that can wait.</param>
/// <param name="Data">Data and barriers that wait.</param>
/// <param name="DataCapacity">Most data and barriers that can wait.</param>
/// <param name="SlotFull">True when a conflated message waits.</param>
public readonly record struct MailboxDepth(
    int Commands, int CommandCapacity, int Data, int DataCapacity, bool SlotFull)
{
    /// <summary>All messages that wait.</summary>
    public int Total => Commands + Data + (SlotFull ? 1 : 0);
}
