using Feeds.Core.Books;

namespace Feeds.Storage.Journals;

/// <summary>A book buffer that a reader uses again and again; it grows to the largest book.</summary>
internal sealed class BookScratch
{
    private BookLevels _levels = new(20);

    /// <summary>Returns the buffer, with room for so many levels a side.</summary>
    public BookLevels For(int levels)
    {
        if (_levels.Capacity < levels)
        {
            _levels = new BookLevels(levels);
        }

        return _levels;
    }
}
