using Feeds.Core.Market;
using Feeds.Core.Numerics;

namespace Feeds.Core.Symbols;

/// <summary>
/// The <c>source_errors</c> of the next row: errors since the last one, and those that last (a feed that is
/// disconnected).
/// </summary>
internal sealed class RowErrors : ISavedState
{
    private readonly SortedSet<string> _sinceLastRow = new(StringComparer.Ordinal);
    private readonly string?[] _down = new string?[FeedNames.Count];

    public void Add(Feed feed, string reason) => _sinceLastRow.Add($"{feed.Name()}:{reason}");

    public bool Contains(Feed feed, string reason) => _sinceLastRow.Contains($"{feed.Name()}:{reason}");

    public void Disconnected(Feed feed, string reason)
    {
        _down[(int)feed] = reason;
        Add(feed, reason);
    }

    public bool IsDown(Feed feed) => _down[(int)feed] is not null;

    public void Connected(Feed feed) => _down[(int)feed] = null;

    /// <summary>Returns the column's text and begins the next row.</summary>
    public string Take()
    {
        for (int feed = 0; feed < _down.Length; feed++)
        {
            if (_down[feed] is { } reason)
            {
                Add((Feed)feed, reason);
            }
        }

        if (_sinceLastRow.Count == 0)
        {
            return string.Empty;
        }

        string text = string.Join(';', _sinceLastRow);
        _sinceLastRow.Clear();
        return text;
    }

    public void Save(StateWriter writer)
    {
        writer.WriteInt32(_sinceLastRow.Count);
        foreach (string error in _sinceLastRow)
        {
            writer.WriteString(error);
        }

        writer.WriteInt32(_down.Length);
        foreach (string? reason in _down)
        {
            writer.WriteString(reason);
        }
    }

    public void Load(ref StateReader reader)
    {
        _sinceLastRow.Clear();
        int count = reader.ReadCount(4);
        for (int i = 0; i < count; i++)
        {
            _sinceLastRow.Add(reader.ReadString() ?? string.Empty);
        }

        if (reader.ReadCount(4) != _down.Length)
        {
            throw new StateFormatException("saved state: another number of feeds");
        }

        for (int i = 0; i < _down.Length; i++)
        {
            _down[i] = reader.ReadString();
        }
    }
}
