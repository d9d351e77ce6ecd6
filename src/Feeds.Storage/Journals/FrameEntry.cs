using Feeds.Core.Market;

namespace Feeds.Storage.Journals;

/// <summary>A symbol of a frame's directory.</summary>
/// <param name="Symbol">Which.</param>
/// <param name="FirstSequence">Sequence of its first event in the frame.</param>
/// <param name="Count">How many events of it follow, with consecutive sequences.</param>
internal readonly record struct FrameEntry(Symbol Symbol, long FirstSequence, int Count)
{
    /// <summary>Sequence of its last event in the frame.</summary>
    public long LastSequence => FirstSequence + Count - 1;
}
