namespace Feeds.Actors.Mailboxes;

/// <summary>What a mailbox says to an offered message.</summary>
internal enum OfferResult
{
    Taken,
    Full,
    Parked,
    Stopped,
}

internal static class OfferResults
{
    /// <summary>Returns why a message that was not taken is a dead letter.</summary>
    public static DeadLetterReason Reason(this OfferResult result) => result switch
    {
        OfferResult.Full => DeadLetterReason.Full,
        OfferResult.Parked => DeadLetterReason.Parked,
        _ => DeadLetterReason.Stopped,
    };
}
