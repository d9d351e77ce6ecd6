using Feeds.Core.Market;

namespace Feeds.Storage.Journals;

/// <summary>A block of a file, as its index has it.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Offset">Where it begins in the file.</param>
/// <param name="Length">Bytes of header and payload.</param>
/// <param name="Symbol">Whose.</param>
/// <param name="FirstSequence">Events: sequence of the first; State: the sequence that the state stands at.</param>
/// <param name="Count">Events: how many, with consecutive sequences; State: 0.</param>
/// <param name="FirstTime">Events: receive time of the first, epoch ms; State: the last tick that was applied.</param>
/// <param name="LastTime">Events: receive time of the last; State: receive time of the last event applied.</param>
internal readonly record struct BlockEntry(
    BlockKind Kind,
    long Offset,
    int Length,
    Symbol Symbol,
    long FirstSequence,
    int Count,
    long FirstTime,
    long LastTime)
{
    /// <summary>Events: sequence of the last.</summary>
    public long LastSequence => FirstSequence + Count - 1;
}
