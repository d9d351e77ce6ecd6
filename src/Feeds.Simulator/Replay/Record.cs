using Feeds.Simulator.Markets;

namespace Feeds.Simulator.Replay;

/// <summary>
/// One recorded message. Prices and quantities are × 10^8 while a file is read, and units of the symbol afterwards;
/// marks stay × 10^8.
/// </summary>
internal sealed class Record
{
    public RecordKind Kind { get; set; }

    /// <summary><c>E</c>, epoch ms as recorded, later moved.</summary>
    public long EventTime { get; set; }

    /// <summary>When it is replayed, epoch ms; never before its predecessor.</summary>
    public long ReplayTime { get; set; }

    /// <summary><c>T</c>, epoch ms as recorded, later moved; next funding time for a mark.</summary>
    public long Time { get; set; }

    /// <summary>First update id, first raw trade id.</summary>
    public long FirstId { get; set; }

    /// <summary>Last update id, last raw trade id, snapshot id.</summary>
    public long LastId { get; set; }

    /// <summary>Previous last update id; trade id.</summary>
    public long Id { get; set; }

    /// <summary>Trade price, best bid, mark price.</summary>
    public long Price { get; set; }

    /// <summary>Trade quantity, bid quantity, index price.</summary>
    public long Quantity { get; set; }

    /// <summary>Best ask, estimated settlement price.</summary>
    public long OtherPrice { get; set; }

    /// <summary>Ask quantity, predicted rate.</summary>
    public long OtherQuantity { get; set; }

    /// <summary>True when the taker sold.</summary>
    public bool BuyerIsMaker { get; set; }

    public BookLevel[] Bids { get; set; } = [];

    public BookLevel[] Asks { get; set; } = [];
}
