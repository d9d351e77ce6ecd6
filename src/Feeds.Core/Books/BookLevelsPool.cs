using System.Collections.Concurrent;

namespace Feeds.Core.Books;

/// <summary>
/// Keeps <see cref="BookLevels"/> buffers of one capacity between uses, so that a book costs no allocation on its way
/// from the frame to the state. Safe for many threads; a buffer that is never returned is simply collected.
/// </summary>
public sealed class BookLevelsPool
{
    private readonly ConcurrentQueue<BookLevels> _free = new();
    private readonly int _keep;

    // The last one returned is nearly always the next one rented, and one exchange is much cheaper than the queue.
    private BookLevels? _hot;
    private int _count;

    /// <summary>
    /// Makes a pool of buffers of <paramref name="capacity"/> levels a side that keeps at most <paramref name="keep"/>.
    /// </summary>
    public BookLevelsPool(int capacity, int keep = 4096)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        Capacity = capacity;
        _keep = keep;
    }

    /// <summary>Levels a side of every buffer.</summary>
    public int Capacity { get; }

    /// <summary>Returns an empty buffer; it belongs to the caller until <see cref="Return"/>.</summary>
    public BookLevels Rent()
    {
        BookLevels? levels = Interlocked.Exchange(ref _hot, null);
        if (levels is not null)
        {
            return levels;
        }

        if (_free.TryDequeue(out levels))
        {
            Interlocked.Decrement(ref _count);
            return levels;
        }

        return new BookLevels(Capacity);
    }

    /// <summary>
    /// Takes a buffer back; the caller must not touch it any more. Null and buffers of another capacity are ignored.
    /// </summary>
    public void Return(BookLevels? levels)
    {
        if (levels is null || levels.Capacity != Capacity)
        {
            return;
        }

        levels.SetCounts(0, 0);
        if (Interlocked.CompareExchange(ref _hot, levels, null) is null)
        {
            return;
        }

        if (Interlocked.Increment(ref _count) > _keep - 1)
        {
            Interlocked.Decrement(ref _count);
            return;
        }

        _free.Enqueue(levels);
    }
}
