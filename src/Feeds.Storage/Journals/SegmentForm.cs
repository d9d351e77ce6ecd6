namespace Feeds.Storage.Journals;

/// <summary>What a file of the journal's folder is; the value is stable.</summary>
internal enum SegmentForm : ushort
{
    /// <summary>Frames in the order of their flushes, uncompressed.</summary>
    Open = 1,

    /// <summary>Columnar blocks by symbol, compressed, indexed.</summary>
    Sealed = 2,

    /// <summary>Saved states of symbols.</summary>
    Snapshot = 3,
}
