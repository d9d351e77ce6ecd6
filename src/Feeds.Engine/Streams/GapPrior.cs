using Feeds.Binance.Wire;

namespace Feeds.Engine.Streams;

/// <summary>What is expected of a kind of stream before its own past says more.</summary>
/// <param name="FirstMs">How long it may take until it is known: until then a longer silence counts as dead.</param>
/// <param name="LearnSeconds">Seconds of its past that are needed before that past decides.</param>
/// <param name="LongestMs">The longest limit that may be learned; for streams of a fixed pace.</param>
internal sealed record GapPrior(long FirstMs, int LearnSeconds, long LongestMs)
{
    // Pushed each second whatever happens: nothing about its pace can be learned.
    private static readonly GapPrior Marks = new(5_000, 10, 6_000);

    // Pushed when the book changed; even a forgotten symbol's market makers move within seconds.
    private static readonly GapPrior Books = new(15_000, 10, 600_000);

    // Pushed with trades. A rarely traded symbol has none for minutes.
    private static readonly GapPrior Bars = new(600_000, 60, 3_600_000);
    private static readonly GapPrior Trades = new(600_000, 60, 3_600_000);

    /// <summary>
    /// Returns the prior of a kind; null where silence is normal and says nothing: liquidations, contracts.
    /// </summary>
    public static GapPrior? Of(StreamKind kind) => kind switch
    {
        StreamKind.Mark => Marks,
        StreamKind.PartialDepth or StreamKind.DiffDepth or StreamKind.Quotes => Books,
        StreamKind.Bars => Bars,
        StreamKind.Trades => Trades,
        _ => null,
    };
}
