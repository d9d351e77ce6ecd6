using Feeds.Core.Books;
using Feeds.Core.Market;

namespace Feeds.Binance.Wire;

/// <content>
/// One loop over the fields for each type of message. A field that comes twice, one that is not known, and the absence
/// of one that always comes are declined: the general decoder then says what it is, and counts it.
/// </content>
internal sealed partial class FrameScanner
{
    private static readonly ulong DepthNeeds = Bits("ETsUuba") | (1UL << PuBit);
    private static readonly ulong QuoteNeeds = Bits("ETsubBaA");
    private static readonly ulong TradeNeeds = Bits("ETsapqflm");
    private static readonly ulong MarkNeeds = Bits("ETspiPr");

    private bool ScanDepth(
        ref byte f, nint p, nint length, StreamKind kind, SymbolTable symbols, long receiveTime,
        ref DecodedMessage message)
    {
        ulong seen = 0;
        long eventTime = 0, first = 0, last = 0, previous = 0, market = 1;
        int index = -1, bids = 0, asks = 0;
        bool isDelta = kind == StreamKind.DiffDepth;
        BookLevelsPool pool = isDelta ? _deltas : _books;
        BookLevels levels = pool.Rent();
        _sides.Begin();
        while (true)
        {
            int key = Key(ref f, ref p, length);
            int bit = key & 63;
            bool isPlain;
            switch (key)
            {
                case 'b':
                    isPlain = _sides.Read(ref f, ref p, length, levels.BidBuffer, out bids);
                    break;
                case 'a':
                    isPlain = _sides.Read(ref f, ref p, length, levels.AskBuffer, out asks);
                    break;
                case 's':
                    isPlain = Symbol(ref f, ref p, length, symbols, out index);
                    break;
                case 'E':
                    isPlain = Integer(ref f, ref p, length, out _);
                    break;
                case 'T':
                    isPlain = Integer(ref f, ref p, length, out eventTime);
                    break;
                case 'U':
                    isPlain = Integer(ref f, ref p, length, out first);
                    break;
                case 'u':
                    isPlain = Integer(ref f, ref p, length, out last);
                    break;
                case Pu:
                    bit = PuBit;
                    isPlain = Integer(ref f, ref p, length, out previous);
                    break;
                case St:
                    bit = StBit;
                    isPlain = Market(ref f, ref p, length, out market);
                    break;
                case Ps:
                    bit = PsBit;
                    isPlain = Skip(ref f, ref p, length);
                    break;
                default:
                    isPlain = false;
                    break;
            }

            if (isPlain && (seen >> bit & 1) == 0)
            {
                seen |= 1UL << bit;
                continue;
            }

            if (key != NoKey || !IsEnd(ref f, p, length) || (seen & DepthNeeds) != DepthNeeds)
            {
                pool.Return(levels);
                return false;
            }

            break;
        }

        if (!Accept(ref message, kind, market, symbols, index))
        {
            pool.Return(levels);
            return true;
        }

        levels.SetCounts(bids, asks);
        message.Kind = isDelta ? DecodedKind.BookDelta : DecodedKind.Event;
        message.First = isDelta ? first : 0;
        message.Second = isDelta ? previous : 0;
        message.EventValue = MarketEvent.ForBook(eventTime, receiveTime, last, levels);
        return true;
    }

    private bool ScanQuote(
        ref byte f, nint p, nint length, SymbolTable symbols, long receiveTime, ref DecodedMessage message)
    {
        ulong seen = 0;
        long eventTime = 0, last = 0, market = 1;
        double bid = 0, bidQuantity = 0, ask = 0, askQuantity = 0;
        int index = -1;
        while (true)
        {
            int key = Key(ref f, ref p, length);
            int bit = key & 63;
            bool isPlain;
            switch (key)
            {
                case 'u':
                    isPlain = Integer(ref f, ref p, length, out last);
                    break;
                case 's':
                    isPlain = Symbol(ref f, ref p, length, symbols, out index);
                    break;
                case 'b':
                    isPlain = Number(ref f, ref p, length, out bid);
                    break;
                case 'B':
                    isPlain = Number(ref f, ref p, length, out bidQuantity);
                    break;
                case 'a':
                    isPlain = Number(ref f, ref p, length, out ask);
                    break;
                case 'A':
                    isPlain = Number(ref f, ref p, length, out askQuantity);
                    break;
                case 'T':
                    isPlain = Integer(ref f, ref p, length, out eventTime);
                    break;
                case 'E':
                    isPlain = Integer(ref f, ref p, length, out _);
                    break;
                case St:
                    bit = StBit;
                    isPlain = Market(ref f, ref p, length, out market);
                    break;
                case Ps:
                    bit = PsBit;
                    isPlain = Skip(ref f, ref p, length);
                    break;
                default:
                    isPlain = false;
                    break;
            }

            if (isPlain && (seen >> bit & 1) == 0)
            {
                seen |= 1UL << bit;
                continue;
            }

            if (key != NoKey || !IsEnd(ref f, p, length) || (seen & QuoteNeeds) != QuoteNeeds)
            {
                return false;
            }

            break;
        }

        if (Accept(ref message, StreamKind.Quotes, market, symbols, index))
        {
            BookLevels levels = _books.Rent();
            levels.BidBuffer[0] = new PriceLevel(bid, bidQuantity);
            levels.AskBuffer[0] = new PriceLevel(ask, askQuantity);
            levels.SetCounts(1, 1);
            message.Kind = DecodedKind.Event;
            message.EventValue = MarketEvent.ForQuote(eventTime, receiveTime, last, levels);
        }

        return true;
    }

    private static bool ScanTrade(
        ref byte f, nint p, nint length, SymbolTable symbols, long receiveTime, ref DecodedMessage message)
    {
        ulong seen = 0;
        long eventTime = 0, id = 0, first = 0, last = 0, market = 1;
        double price = 0, quantity = 0, quantityWithoutRpi = double.NaN;
        bool buyerIsMaker = false;
        int index = -1;
        while (true)
        {
            int key = Key(ref f, ref p, length);
            int bit = key & 63;
            bool isPlain;
            switch (key)
            {
                case 'E':
                    isPlain = Integer(ref f, ref p, length, out _);
                    break;
                case 'a':
                    isPlain = Integer(ref f, ref p, length, out id);
                    break;
                case 's':
                    isPlain = Symbol(ref f, ref p, length, symbols, out index);
                    break;
                case 'p':
                    isPlain = Number(ref f, ref p, length, out price);
                    break;
                case 'q':
                    isPlain = Number(ref f, ref p, length, out quantity);
                    break;
                case Nq:
                    bit = NqBit;
                    isPlain = Number(ref f, ref p, length, out quantityWithoutRpi);
                    break;
                case 'f':
                    isPlain = Integer(ref f, ref p, length, out first);
                    break;
                case 'l':
                    isPlain = Integer(ref f, ref p, length, out last);
                    break;
                case 'T':
                    isPlain = Integer(ref f, ref p, length, out eventTime);
                    break;
                case 'm':
                    isPlain = Boolean(ref f, ref p, length, out buyerIsMaker);
                    break;
                case St:
                    bit = StBit;
                    isPlain = Market(ref f, ref p, length, out market);
                    break;
                case Ps:
                    bit = PsBit;
                    isPlain = Skip(ref f, ref p, length);
                    break;
                default:
                    isPlain = false;
                    break;
            }

            if (isPlain && (seen >> bit & 1) == 0)
            {
                seen |= 1UL << bit;
                continue;
            }

            if (key != NoKey || !IsEnd(ref f, p, length) || (seen & TradeNeeds) != TradeNeeds)
            {
                return false;
            }

            break;
        }

        long more = last - first;
        if ((ulong)more >= int.MaxValue)
        {
            return false;
        }

        if (Accept(ref message, StreamKind.Trades, market, symbols, index))
        {
            message.Kind = DecodedKind.Event;
            message.EventValue = MarketEvent.ForTrade(
                eventTime,
                receiveTime,
                id,
                price,
                quantity,
                (seen >> NqBit & 1) != 0 ? quantityWithoutRpi : quantity,
                buyerIsMaker ? Side.Sell : Side.Buy,
                (int)more + 1);
        }

        return true;
    }

    private static bool ScanMark(
        ref byte f, nint p, nint length, SymbolTable symbols, long receiveTime, ref DecodedMessage message)
    {
        ulong seen = 0;
        long pushTime = 0, next = 0, market = 1;
        double mark = 0, indexPrice = 0, rate = 0;
        int index = -1;
        while (true)
        {
            int key = Key(ref f, ref p, length);
            int bit = key & 63;
            bool isPlain;
            switch (key)
            {
                case 'E':
                    isPlain = Integer(ref f, ref p, length, out pushTime);
                    break;
                case 's':
                    isPlain = Symbol(ref f, ref p, length, symbols, out index);
                    break;
                case 'p':
                    isPlain = Number(ref f, ref p, length, out mark);
                    break;
                case 'i':
                    isPlain = Number(ref f, ref p, length, out indexPrice);
                    break;
                case 'r':
                    isPlain = SignedNumber(ref f, ref p, length, out rate);
                    break;
                case 'T':
                    isPlain = Integer(ref f, ref p, length, out next);
                    break;
                case 'P':
                    isPlain = Skip(ref f, ref p, length);
                    break;
                case Ap:
                    bit = ApBit;
                    isPlain = Skip(ref f, ref p, length);
                    break;
                case St:
                    bit = StBit;
                    isPlain = Market(ref f, ref p, length, out market);
                    break;
                case Ps:
                    bit = PsBit;
                    isPlain = Skip(ref f, ref p, length);
                    break;
                default:
                    isPlain = false;
                    break;
            }

            if (isPlain && (seen >> bit & 1) == 0)
            {
                seen |= 1UL << bit;
                continue;
            }

            if (key != NoKey || !IsEnd(ref f, p, length) || (seen & MarkNeeds) != MarkNeeds)
            {
                return false;
            }

            break;
        }

        if (Accept(ref message, StreamKind.Mark, market, symbols, index))
        {
            message.Kind = DecodedKind.Event;
            message.EventValue = MarketEvent.ForMark(pushTime, receiveTime, mark, indexPrice, rate, next);
        }

        return true;
    }
}
