using Feeds.Binance.Streams;

namespace Feeds.Engine.Streams;

/// <summary>
/// What is known of one stream's pace, and whether it is muted now. Used by its connection's actor alone.
/// </summary>
internal sealed class StreamWatch(StreamName name, int symbolIndex, GapPrior prior)
{
    public StreamName Name { get; } = name;

    /// <summary>The symbol's index in the decoder's table.</summary>
    public int SymbolIndex { get; } = symbolIndex;

    public GapModel Model { get; } = new(prior);

    /// <summary>Silence counts from then on at the earliest, epoch ms.</summary>
    public long CountedFrom { get; set; }

    /// <summary>When it was found muted, epoch ms; 0 while it is not.</summary>
    public long MutedTime { get; set; }

    /// <summary>
    /// Event time of the newest event before it was muted, by the exchange's clock, epoch ms; 0 when none came.
    /// </summary>
    public long MutedEventTime { get; set; }

    /// <summary>The limit at which it was found muted, ms.</summary>
    public long MutedLimitMs { get; set; }

    /// <summary>How often it was asked for again since it was found muted.</summary>
    public int Attempts { get; set; }

    /// <summary>When it was last asked for again, epoch ms.</summary>
    public long AttemptTime { get; set; }

    public bool IsMuted => MutedTime > 0;

    /// <summary>
    /// True from giving it up and asking for it again until both were answered: what comes meanwhile is from before.
    /// </summary>
    public bool IsBeingAskedFor { get; set; }

    /// <summary>When its last being asked for was answered, epoch ms: nothing is lost since.</summary>
    public long AnsweredTime { get; set; }

    /// <summary>
    /// The newest data of which the watch knows, for the gap that is declared, epoch ms; 0 when there was none.
    /// </summary>
    public long LastDataTime { get; set; }
}
