using Feeds.Core.Symbols;

namespace Feeds.Storage;

/// <summary>
/// What storage has to tell a person: implement what is to be logged or counted. Called on the thread that does the
/// work.
/// </summary>
public interface IStorageEvents
{
    /// <summary>The end of a file was half-written by a process that died; it was cut off.</summary>
    /// <param name="path">Which file.</param>
    /// <param name="bytes">How many bytes were cut, above 0.</param>
    /// <param name="record">The number of the row or record that was cut, the file's first being 1.</param>
    void TailCut(string path, long bytes, long record)
    {
    }

    /// <summary>
    /// Content in the middle of a file is damaged; it is left where it is, and what follows it is used.
    /// </summary>
    /// <param name="path">Which file.</param>
    /// <param name="offset">Where the damage begins, bytes from the start.</param>
    /// <param name="bytes">How many bytes are damaged.</param>
    /// <param name="what">What was found there, one sentence.</param>
    void Damaged(string path, long offset, long bytes, string what)
    {
    }

    /// <summary>A file was put away under another name and a new one begun.</summary>
    void Rotated(string path, string name)
    {
    }

    /// <summary>A file is old enough to be put away but cannot be just now; it is used on.</summary>
    void RotationPutOff(string path, string reason)
    {
    }

    /// <summary>
    /// Rows that were taken cannot be brought to their file now; the journal brings them again at the next start.
    /// </summary>
    void RowsPutOff(string path, string reason)
    {
    }

    /// <summary>A file was deleted, because it was not to be kept any longer or is a leftover.</summary>
    void Removed(string path, string reason)
    {
    }

    /// <summary>
    /// A row of this symbol and tick is in the database with other values; what is there stands, this one was refused.
    /// </summary>
    void RowConflict(FeedRow row)
    {
    }

    /// <summary>The database cannot store a row; it lies in <c>row_dead_letter</c> with the reason.</summary>
    void RowBuried(FeedRow row, string reason)
    {
    }
}
