using Feeds.Core.Books;
using Feeds.Core.Market;
using Feeds.Core.Numerics;
using Feeds.Core.Operators;

namespace Feeds.Core.Symbols;

/// <summary>What is kept of a symbol's books: which was the newest, and the smoothed imbalance of its top.</summary>
internal sealed class BookState : ISavedState
{
    // obi_top is smoothed by EMA(5): α = 1/3, one step per depth event.
    private readonly Ema _imbalance = new(5);
    private long _lastUpdateId;
    private long _lastEventTime;

    public long LastReceiveTime { get; private set; }

    /// <summary>True from when the book lost its continuity until the first book after it was found again.</summary>
    public bool IsBroken { get; private set; }

    public double SmoothedImbalance => _imbalance.Value;

    public Admission Admit(in MarketEvent book)
    {
        BookLevels levels = book.Levels;
        Admission invalid = Validate(levels.Bids);
        invalid = invalid == Admission.Accepted ? Validate(levels.Asks) : invalid;
        if (invalid != Admission.Accepted)
        {
            return invalid;
        }

        if (levels.BidCount == 0 && levels.AskCount == 0)
        {
            return Admission.EmptyBook;
        }

        levels.Sort();
        if (BookMeasures.IsCrossed(levels))
        {
            return Admission.CrossedBook;
        }

        // Ids start again after a restart of the venue's engine or a relisting; then the time still goes up.
        if (book.EventTime > _lastEventTime || book.LastUpdateId > _lastUpdateId)
        {
            return book.LastUpdateId == _lastUpdateId ? Admission.Duplicate : Admission.Accepted;
        }

        return book.LastUpdateId == _lastUpdateId ? Admission.Duplicate : Admission.OutOfOrder;
    }

    /// <summary>The book lost its continuity: what is known of it does not hold.</summary>
    public void Break() => IsBroken = true;

    /// <summary>Takes an admitted book. Returns the imbalance of its top, 0…1, not smoothed.</summary>
    /// <param name="book">The book.</param>
    /// <param name="depthLevels">Best levels of the imbalance.</param>
    /// <param name="isDown">
    /// True while the feed is not connected: the book is one from before that was on its way.
    /// </param>
    public double Apply(in MarketEvent book, int depthLevels, bool isDown)
    {
        IsBroken &= isDown;
        _lastUpdateId = book.LastUpdateId;
        _lastEventTime = book.EventTime;
        LastReceiveTime = book.ReceiveTime;
        double imbalance = BookMeasures.Imbalance(book.Levels, depthLevels);
        _imbalance.Add(imbalance);
        return imbalance;
    }

    public void Save(StateWriter writer)
    {
        writer.WriteInt64(_lastUpdateId);
        writer.WriteInt64(_lastEventTime);
        writer.WriteInt64(LastReceiveTime);
        writer.WriteBoolean(IsBroken);
        _imbalance.Save(writer);
    }

    public void Load(ref StateReader reader)
    {
        _lastUpdateId = reader.ReadInt64();
        _lastEventTime = reader.ReadInt64();
        LastReceiveTime = reader.ReadInt64();
        IsBroken = reader.ReadBoolean();
        _imbalance.Load(ref reader);
    }

    private static Admission Validate(ReadOnlySpan<PriceLevel> side)
    {
        foreach (PriceLevel level in side)
        {
            if (!Bounds.IsPrice(level.Price))
            {
                return Admission.InvalidPrice;
            }

            if (!Bounds.IsQuantity(level.Quantity))
            {
                return Admission.InvalidQuantity;
            }
        }

        return Admission.Accepted;
    }
}
