namespace Feeds.Storage.Journals;

/// <summary>What a block of a sealed segment or a snapshot holds; the value is stable.</summary>
internal enum BlockKind : ushort
{
    /// <summary>Events of one symbol, by column.</summary>
    Events = 1,

    /// <summary>The saved state of one symbol.</summary>
    State = 2,

    /// <summary>The list of the file's blocks; the last one of it.</summary>
    Index = 3,
}
