using Feeds.Storage;
using Feeds.Terminal;

namespace Feeds.Commands.Journals;

/// <summary>Says on the error output what is damaged in a journal, each place once.</summary>
internal sealed class DamageReport(TextWriter error) : IStorageEvents
{
    private readonly HashSet<(string Path, long Offset)> _told = [];

    /// <summary>How many places there are.</summary>
    public int Count => _told.Count;

    /// <inheritdoc/>
    public void Damaged(string path, long offset, long bytes, string what)
    {
        if (_told.Add((path, offset)))
        {
            error.WriteLine(PlainText.Of(FormattableString.Invariant($"damaged: {path} at byte {offset}, {bytes} bytes: {what}")));
        }
    }
}
