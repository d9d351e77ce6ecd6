using Feeds.Core.Market;

namespace Feeds.Commands.Verification;

/// <summary>What the journal says of one feed of a symbol.</summary>
internal sealed class FeedFacts
{
    private readonly List<JournaledEvent> _events = [];
    private readonly List<FeedBreak> _breaks = [];
    private readonly List<Gap> _gaps = [];
    private long _largestKey = long.MinValue;
    private FeedBreak? _open;

    /// <summary>The events, in the order of the journal.</summary>
    public IReadOnlyList<JournaledEvent> Events => _events;

    /// <summary>
    /// The stretches in which the feed was not received, the one before its first connection included.
    /// </summary>
    public IEnumerable<FeedBreak> Breaks => _open is { } open ? _breaks.Append(open) : _breaks;

    /// <summary>The gaps that were declared.</summary>
    public IReadOnlyList<Gap> Gaps => _gaps;

    /// <summary>True when the feed was ever received.</summary>
    public bool WasConnected { get; private set; }

    /// <summary>The largest key of the journal; <see cref="long.MinValue"/> for none.</summary>
    public long LargestKey => _largestKey;

    public void Add(in JournaledEvent e)
    {
        _events.Add(e);
        _largestKey = Math.Max(_largestKey, e.Key);
    }

    public void Add(Gap gap) => _gaps.Add(gap);

    public void Connected(long time)
    {
        if (_open is { } open)
        {
            _breaks.Add(open with { UntilTime = time });
        }
        else if (!WasConnected)
        {
            _breaks.Add(new FeedBreak(long.MinValue, time));
        }

        _open = null;
        WasConnected = true;
    }

    public void Disconnected() => _open ??= new FeedBreak(_largestKey, long.MaxValue);
}
