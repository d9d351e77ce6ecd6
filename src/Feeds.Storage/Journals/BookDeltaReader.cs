using Feeds.Core.Books;

namespace Feeds.Storage.Journals;

/// <summary>Gives books back from what a <see cref="BookDeltaWriter"/> wrote.</summary>
internal sealed class BookDeltaReader
{
    private BookLevels _book = new(32);
    private BookLevels _old = new(32);

    /// <summary>Forgets the book before.</summary>
    public void Clear() => _book.SetCounts(0, 0);

    /// <summary>Returns the next book, valid until the one after the next is read.</summary>
    public BookLevels Next(ref ByteColumnReader steps, NumberColumnReader prices, NumberColumnReader quantities)
    {
        (_book, _old) = (_old, _book);
        if (_book.Capacity < _old.Capacity)
        {
            _book = new BookLevels(_old.Capacity);
        }

        int bids = ReadSide(_old.Bids, true, ref steps, prices, quantities);
        int asks = ReadSide(_old.Asks, false, ref steps, prices, quantities);
        _book.SetCounts(bids, asks);
        return _book;
    }

    private int ReadSide(
        ReadOnlySpan<PriceLevel> old, bool isBid, ref ByteColumnReader steps, NumberColumnReader prices, NumberColumnReader quantities)
    {
        Span<PriceLevel> side = isBid ? _book.BidBuffer : _book.AskBuffer;
        double reference = old.Length > 0 ? old[0].Price : 0;
        int i = 0;
        int j = 0;
        while (true)
        {
            byte step = steps.ReadByte();
            int stay = step & BookDeltaWriter.MaxStay;
            if (stay > old.Length - i)
            {
                throw new JournalFormatException($"{stay} levels stay where {old.Length - i} are left");
            }

            byte what = (byte)(step & ~BookDeltaWriter.MaxStay);
            bool adds = what is BookDeltaWriter.Insert or BookDeltaWriter.NewQuantity;
            if (j + stay + (adds ? 1 : 0) > side.Length)
            {
                side = Grow(isBid, j + stay + 1, j);
            }

            old.Slice(i, stay).CopyTo(side[j..]);
            i += stay;
            j += stay;
            switch (what)
            {
                case BookDeltaWriter.End:
                    if (stay < BookDeltaWriter.MaxStay)
                    {
                        return j;
                    }

                    break;
                case BookDeltaWriter.Insert:
                    reference = j > 0 ? side[j - 1].Price : reference;
                    side[j++] = new PriceLevel(prices.Next(reference), quantities.Next());
                    break;
                case BookDeltaWriter.NewQuantity:
                    if (i == old.Length)
                    {
                        throw new JournalFormatException("a level that is not there gets a quantity");
                    }

                    side[j++] = new PriceLevel(old[i++].Price, quantities.Next());
                    break;
                default:
                    if (i++ == old.Length)
                    {
                        throw new JournalFormatException("a level that is not there goes");
                    }

                    break;
            }
        }
    }

    // Also when only one side is larger than any before: the other one is copied along.
    private Span<PriceLevel> Grow(bool isBid, int needed, int filled)
    {
        if (filled >= EventCodec.MaxLevels)
        {
            throw new JournalFormatException($"a book of more than {EventCodec.MaxLevels} levels");
        }

        BookLevels larger = new(Math.Max(needed, _book.Capacity * 2));
        if (isBid)
        {
            _book.BidBuffer[..filled].CopyTo(larger.BidBuffer);
        }
        else
        {
            _book.BidBuffer.CopyTo(larger.BidBuffer);
            _book.AskBuffer[..filled].CopyTo(larger.AskBuffer);
        }

        _book = larger;
        return isBid ? larger.BidBuffer : larger.AskBuffer;
    }
}
