using Feeds.Core.Symbols;
using Feeds.Storage;
using Feeds.Terminal;

namespace Feeds.Commands.Journals;

/// <summary>
/// Says on the error output what is damaged in a journal, each place once, and the first rows that a database does not
/// take.
/// </summary>
internal sealed class DamageReport(TextWriter error) : IStorageEvents
{
    private const int RowsNamed = 10;
    private readonly HashSet<(string Path, long Offset)> _told = [];

    /// <summary>How many damaged places there are.</summary>
    public int Count => _told.Count;

    /// <summary>How many rows were refused.</summary>
    public long RowsRefused { get; private set; }

    /// <inheritdoc/>
    public void Damaged(string path, long offset, long bytes, string what)
    {
        if (_told.Add((path, offset)))
        {
            error.WriteLine(
                PlainText.Of(FormattableString.Invariant($"damaged: {path} at byte {offset}, {bytes} bytes: {what}")));
        }
    }

    /// <inheritdoc/>
    public void RowConflict(FeedRow row) => Refuse(row, "is there with other values, which stand");

    /// <inheritdoc/>
    public void RowBuried(FeedRow row, string reason) =>
        Refuse(row, $"cannot be stored and lies in row_dead_letter: {reason}");

    private void Refuse(FeedRow row, string why)
    {
        if (++RowsRefused <= RowsNamed)
        {
            error.WriteLine(PlainText.Of($"refused: {row.Symbol} {JournalPlace.Text(row.TickTime)} {why}"));
        }
    }
}
