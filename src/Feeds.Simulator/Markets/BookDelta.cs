namespace Feeds.Simulator.Markets;

/// <summary>
/// What changed in a book between two points of a chain. The level lists are reused: read them before the next one.
/// </summary>
internal sealed class BookDelta
{
    public long FirstUpdateId { get; set; }

    public long LastUpdateId { get; set; }

    public long PreviousLastUpdateId { get; set; }

    /// <summary>When the venue made the last change, epoch ms.</summary>
    public long Time { get; set; }

    public List<BookLevel> Bids { get; } = [];

    public List<BookLevel> Asks { get; } = [];
}
