namespace Feeds.Simulator.Replay;

/// <summary>What one recorded message says.</summary>
internal enum RecordKind
{
    /// <summary>Something that a replay makes itself, or does not know.</summary>
    Other,

    /// <summary>A book delta.</summary>
    Delta,

    /// <summary>A whole book, from REST.</summary>
    Snapshot,

    /// <summary>Best prices.</summary>
    Quote,

    /// <summary>A raw or an aggregate trade.</summary>
    Trade,

    /// <summary>Mark and index price.</summary>
    Mark,
}
