using System.Collections.Concurrent;

namespace Feeds.Actors.Mailboxes;

/// <summary>The count of undelivered messages of one actor system, with the last few. Safe from any thread.</summary>
public sealed class DeadLetters
{
    /// <summary>How many letters are kept whole.</summary>
    public const int RecentCapacity = 64;

    // Names that come and go must not grow this for ever.
    private const int PathCapacity = 16_384;

    private readonly ConcurrentDictionary<string, long> _byPath = new(StringComparer.Ordinal);
    private readonly Queue<DeadLetter> _recent = new();
    private readonly Lock _gate = new();
    private long _total;

    /// <summary>All dead letters since the system began.</summary>
    public long Total => Interlocked.Read(ref _total);

    /// <summary>
    /// Returns the dead letters of one actor; 0 for none. Past 16 384 paths new ones count only in the total.
    /// </summary>
    public long CountOf(string path) => _byPath.GetValueOrDefault(path);

    /// <summary>Returns the last letters, oldest first, at most <see cref="RecentCapacity"/>.</summary>
    public IReadOnlyList<DeadLetter> Recent()
    {
        lock (_gate) return _recent.ToArray();
    }

    internal void Add(DeadLetter letter)
    {
        Interlocked.Increment(ref _total);
        if (_byPath.Count < PathCapacity || _byPath.ContainsKey(letter.Path))
            _byPath.AddOrUpdate(letter.Path, 1, static (_, count) => count + 1);
        lock (_gate)
        {
            if (_recent.Count == RecentCapacity) _recent.Dequeue();
            _recent.Enqueue(letter);
        }
    }
}
