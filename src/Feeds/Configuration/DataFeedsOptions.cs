using Feeds.Core.Market;

namespace Feeds.Configuration;

/// <summary>The section <c>data_feeds</c>.</summary>
internal sealed record DataFeedsOptions
{
    private const string DefaultSymbols =
        "BTCUSDT ETHUSDT SOLUSDT BNBUSDT XRPUSDT DOGEUSDT PUMPUSDT LUMIAUSDT YFIUSDT BLASTUSDT ANIMEUSDT";

    /// <summary>The symbols to watch, each once, at least one.</summary>
    public IReadOnlyList<Symbol> Symbols { get; init; } = [.. DefaultSymbols.Split(' ').Select(Symbol.Parse)];

    /// <summary>Seconds between the rows of a symbol, 1…86400.</summary>
    public int IntervalSec { get; init; } = 30;

    /// <summary>True to compute the golden vector at each tick.</summary>
    public bool Features { get; init; } = true;

    /// <summary>Where rows go.</summary>
    public SinksOptions Sinks { get; init; } = new();

    /// <summary>Where values come from.</summary>
    public ProvidersOptions Providers { get; init; } = new();

    /// <summary>Best levels in <c>obi_top</c>, 1…20, at most <see cref="DepthStreamLevels"/>.</summary>
    public int DepthLevels { get; init; } = 3;

    /// <summary>Levels of the depth stream: 5, 10 or 20.</summary>
    public int DepthStreamLevels { get; init; } = 20;

    /// <summary>True to keep books from the stream of their changes and snapshots.</summary>
    public bool CertifiedBook { get; init; }

    /// <summary>How much is done at a time.</summary>
    public ConcurrencyOptions Concurrency { get; init; } = new();
}
