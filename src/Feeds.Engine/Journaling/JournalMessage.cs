namespace Feeds.Engine.Journaling;

/// <summary>What the journal's actor takes.</summary>
internal enum JournalMessage
{
    /// <summary>Bring to disk what waits.</summary>
    Flush,

    /// <summary>Save the states of all symbols.</summary>
    Snapshot,

    /// <summary>Seal full segments and remove what need not be kept.</summary>
    Tend,

    /// <summary>Tending has ended.</summary>
    Tended,
}
