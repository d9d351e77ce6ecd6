using Feeds.Core.Numerics;

namespace Feeds.Core.Symbols;

/// <summary>
/// Which of a stream's consecutive ids were seen: the highest, and the ranges below it that are missing. So an id that
/// comes twice is told from one that fills a gap, as a pure function of what was applied.
/// </summary>
public sealed class IdChain : ISavedState
{
    /// <summary>
    /// The most missing ranges remembered; the oldest is forgotten first, and its ids then count as seen.
    /// </summary>
    public const int MaxRanges = 256;

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.WriteInt64(Highest);
        writer.WriteInt32(_missing.Count);
        foreach ((long from, long to) in _missing)
        {
            writer.WriteInt64(from);
            writer.WriteInt64(to);
        }
    }

    /// <inheritdoc/>
    public void Load(ref StateReader reader)
    {
        Highest = reader.ReadInt64();
        int count = reader.ReadCount(16);
        _missing.Clear();
        for (int i = 0; i < count; i++)
        {
            _missing.Add((reader.ReadInt64(), reader.ReadInt64()));
        }
    }

    private readonly List<(long From, long To)> _missing = [];

    /// <summary>The highest id seen; −1 before the first.</summary>
    public long Highest { get; private set; } = -1;

    /// <summary>The missing ranges below <see cref="Highest"/>, inclusive, ascending.</summary>
    public IReadOnlyList<(long From, long To)> Missing => _missing;

    /// <summary>How many ids are missing in all remembered ranges.</summary>
    public long MissingCount
    {
        get
        {
            long count = 0;
            foreach ((long from, long to) in _missing)
            {
                count += to - from + 1;
            }

            return count;
        }
    }

    /// <summary>True when the id was seen, or lies before the first one seen.</summary>
    public bool Contains(long id) => Highest >= 0 && id <= Highest && IndexOf(id) < 0;

    /// <summary>
    /// Adds an id that is not contained. True when ids between <see cref="Highest"/> and it are missing from now on.
    /// </summary>
    public bool Add(long id)
    {
        if (Highest < 0 || id == Highest + 1)
        {
            Highest = id;
            return false;
        }

        if (id > Highest)
        {
            if (_missing.Count == MaxRanges)
            {
                _missing.RemoveAt(0);
            }

            _missing.Add((Highest + 1, id - 1));
            Highest = id;
            return true;
        }

        Fill(id);
        return false;
    }

    /// <summary>
    /// The missing range that adding an id would forget, as there are too many; null when there is room.
    /// </summary>
    public (long From, long To)? ForgottenBy(long id)
    {
        if (_missing.Count < MaxRanges || id == Highest + 1)
        {
            return null;
        }

        if (id > Highest)
        {
            return _missing[0];
        }

        // In the middle of a range it makes two of one.
        int index = IndexOf(id);
        return index < 0 || id == _missing[index].From || id == _missing[index].To ? null
            : index == 0 ? (_missing[0].From, id - 1)
            : _missing[0];
    }

    /// <summary>Forgets all; the next id is the first.</summary>
    public void Reset()
    {
        _missing.Clear();
        Highest = -1;
    }

    /// <summary>Forgets all and begins at an id: the exchange's numbering started again.</summary>
    public void Restart(long id)
    {
        _missing.Clear();
        Highest = id;
    }

    private void Fill(long id)
    {
        int index = IndexOf(id);
        if (index < 0)
        {
            return;
        }

        (long from, long to) = _missing[index];
        _missing.RemoveAt(index);
        if (id < to)
        {
            _missing.Insert(index, (id + 1, to));
        }

        if (id > from)
        {
            _missing.Insert(index, (from, id - 1));
        }

        if (_missing.Count > MaxRanges)
        {
            _missing.RemoveAt(0);
        }
    }

    private int IndexOf(long id)
    {
        int low = 0;
        int high = _missing.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (_missing[middle].To < id)
            {
                low = middle + 1;
            }
            else if (_missing[middle].From > id)
            {
                high = middle - 1;
            }
            else
            {
                return middle;
            }
        }

        return -1;
    }
}
