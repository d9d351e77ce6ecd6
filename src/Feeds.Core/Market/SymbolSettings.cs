namespace Feeds.Core.Market;

/// <summary>
/// What a symbol's fold is told from outside; an event of its own, so that rows stay a function of the journal.
/// </summary>
/// <param name="IntervalMs">Distance of ticks in ms, above 0.</param>
/// <param name="DepthLevels">Best levels in <c>obi_top</c>, 1…20.</param>
/// <param name="Feeds">
/// The feeds that the node was told to provide, as bits <c>1 &lt;&lt; (int)Feed</c>; one that is off is empty, not an
/// error.
/// </param>
public sealed record SymbolSettings(int IntervalMs, int DepthLevels, int Feeds)
{
    /// <summary>Every feed on.</summary>
    public const int AllFeeds = (1 << 15) - 1;

    /// <summary>The defaults of the service: a row every 30 s, three levels, every feed.</summary>
    public static SymbolSettings Default { get; } = new(30_000, 3, AllFeeds);

    /// <summary>True when each tick emits a feature row beside the 12-column row.</summary>
    public bool Features { get; init; }

    /// <summary>
    /// True when somebody fetches the bars that lie before the first live one and in holes: features wait for them a
    /// while, and go on at once when a <see cref="Gap.Fetched"/> says that all came. False when holes are filled as
    /// soon as a later bar is there.
    /// </summary>
    public bool AwaitsHistory { get; init; }

    /// <summary>The other symbols that the features use.</summary>
    public ContextSymbols Context { get; init; } = ContextSymbols.None;

    /// <summary>True when the feed is provided.</summary>
    public bool Provides(Feed feed) => (Feeds & (1 << (int)feed)) != 0;
}
