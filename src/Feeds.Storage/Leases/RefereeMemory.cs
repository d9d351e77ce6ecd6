using Feeds.Storage.Files;

namespace Feeds.Storage.Leases;

/// <summary>
/// What a node knows of its referee, so that it notices when it is another one or an older state: its identity, the
/// number of the node's own start, the highest epoch of each symbol. Not safe for several threads.
/// </summary>
internal sealed class RefereeMemory
{
    private readonly StateFile<Saved>? _file;
    private readonly string _referee;
    private readonly Dictionary<string, long> _epochs;
    private Guid _identity;
    private long _start;
    private bool _changed;

    private RefereeMemory(string referee, StateFile<Saved>? file, Saved? saved)
    {
        _referee = referee;
        _file = file;
        _identity = saved?.Identity ?? Guid.Empty;
        _start = saved?.Start ?? 0;
        _epochs = new Dictionary<string, long>(saved?.Epochs ?? [], StringComparer.Ordinal);
    }

    public static RefereeMemory Open(string referee, string? path)
    {
        StateFile<Saved>? file = path is null ? null : new StateFile<Saved>(path);
        return new RefereeMemory(referee, file, file?.Read());
    }

    /// <summary>Takes the identity that the referee shows.</summary>
    /// <exception cref="RefereeWentBackException">It is another one.</exception>
    public void SeeIdentity(Guid identity)
    {
        if (_identity != Guid.Empty && _identity != identity)
        {
            throw new RefereeWentBackException(
                _referee, $"it is another database (identity {identity}, this node knew {_identity})");
        }

        _changed |= _identity != identity;
        _identity = identity;
    }

    /// <summary>Takes the number of a start of this node.</summary>
    /// <exception cref="RefereeWentBackException">It was given away before.</exception>
    public void SeeStart(long number)
    {
        if (number <= _start)
        {
            throw new RefereeWentBackException(
                _referee, $"it numbers this start {number}, this node has been at {_start}");
        }

        _start = number;
        _changed = true;
    }

    /// <summary>
    /// What is known now, to be taken before a question is sent: an answer is held against what was known by then.
    /// While it was under way another answer may have brought higher epochs, and it is no older referee that does not
    /// show them.
    /// </summary>
    public IReadOnlyDictionary<string, long> Known() => new Dictionary<string, long>(_epochs, StringComparer.Ordinal);

    /// <summary>Takes the epoch of a symbol.</summary>
    /// <param name="symbol">Which symbol.</param>
    /// <param name="epoch">Its epoch, as the referee showed it.</param>
    /// <param name="before">What was known when the referee was asked.</param>
    /// <exception cref="RefereeWentBackException">It is lower than one that was known.</exception>
    public void SeeEpoch(string symbol, long epoch, IReadOnlyDictionary<string, long> before)
    {
        if (before.TryGetValue(symbol, out long known) && known > epoch)
        {
            throw new RefereeWentBackException(_referee, $"{symbol} is at epoch {epoch}, this node has seen {known}");
        }

        if (!_epochs.TryGetValue(symbol, out long newest) || newest < epoch)
        {
            _epochs[symbol] = epoch;
            _changed = true;
        }
    }

    /// <summary>
    /// Throws when the referee shows none of a symbol that was known: rows of leases are never deleted.
    /// </summary>
    public void SeeAll(IReadOnlySet<string> symbols, IReadOnlyDictionary<string, long> before)
    {
        foreach ((string symbol, long epoch) in before)
        {
            if (epoch > 0 && !symbols.Contains(symbol))
            {
                throw new RefereeWentBackException(_referee, $"{symbol} has no epoch, this node has seen {epoch}");
            }
        }
    }

    /// <summary>Makes what was seen durable.</summary>
    public void Save()
    {
        if (_changed && _file is not null)
        {
            _file.Write(new Saved(_identity, _start, _epochs));
        }

        _changed = false;
    }

    private sealed record Saved(Guid Identity, long Start, Dictionary<string, long> Epochs);
}
