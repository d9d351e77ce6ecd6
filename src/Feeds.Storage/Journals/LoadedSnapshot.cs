using Feeds.Core.Symbols;

namespace Feeds.Storage.Journals;

/// <summary>A symbol's snapshot as it was read.</summary>
/// <param name="State">The state; parts of another version are empty in it.</param>
/// <param name="Position">The journal's position up to which all events are in it.</param>
/// <param name="Sections">
/// The saved sections when some are of another version and have to be made anew; else empty.
/// </param>
internal sealed record LoadedSnapshot(SymbolState State, long Position, ReadOnlyMemory<byte> Sections)
{
    /// <summary>True when every part is of the version that this program writes.</summary>
    public bool IsWhole => Sections.IsEmpty;
}
