using Feeds.Core.Market;

namespace Feeds.Binance.Wire;

/// <content>Messages with an object inside: bars that still form, and liquidations.</content>
internal sealed partial class FrameScanner
{
    private static readonly ulong BarNeeds = Bits("tTiochlvnxqVQ");
    private static readonly ulong LiquidationNeeds = Bits("sSofqpXlzT") | (1UL << ApBit);
    private static readonly uint OneMinute = (uint)Text.Word("1m\"");
    private static readonly ulong SellWord = Text.Word("\"SELL\"");
    private static readonly ulong BuyWord = Text.Word("\"BUY\"");

    // A closed bar comes once a minute, and is made of decimals: that is left to the general decoder.
    private static bool ScanBar(ref byte f, nint p, nint length, SymbolTable symbols, ref DecodedMessage message)
    {
        ulong seen = 0;
        long market = 1;
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
                case 's':
                    isPlain = Symbol(ref f, ref p, length, symbols, out index);
                    break;
                case 'k':
                    isPlain = ScanFormingBody(ref f, ref p, length);
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

            if (key != NoKey || !IsEnd(ref f, p, length) || (seen & Bits("Esk")) != Bits("Esk"))
            {
                return false;
            }

            break;
        }

        if (Accept(ref message, StreamKind.Bars, market, symbols, index))
        {
            message.Kind = DecodedKind.FormingBar;
        }

        return true;
    }

    private static bool ScanFormingBody(ref byte f, ref nint p, nint length)
    {
        ulong seen = 0;
        if (!EnterObject(ref f, ref p, length))
        {
            return false;
        }

        while (true)
        {
            int key = InnerKey(ref f, ref p, length, seen == 0);
            int bit = key & 63;
            bool isPlain;
            switch (key)
            {
                case 't' or 'T' or 'f' or 'L':
                    isPlain = Integer(ref f, ref p, length, out _);
                    break;
                case 'n':
                    isPlain = Integer(ref f, ref p, length, out long count) && count <= int.MaxValue;
                    break;
                case 's' or 'B':
                    isPlain = Skip(ref f, ref p, length);
                    break;
                case 'i':
                    isPlain = p + 5 <= length && Text.At(ref f, p) == (byte)'"'
                        && (Text.Load32(ref f, p + 1) & 0xFFFFFF) == OneMinute;
                    p += 4;
                    break;
                case 'o' or 'c' or 'h' or 'l' or 'v' or 'q' or 'V' or 'Q':
                    isPlain = Number(ref f, ref p, length, out _);
                    break;
                case 'x':
                    isPlain = Boolean(ref f, ref p, length, out bool isClosed) && !isClosed;
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

            return key == NoKey && p < length && Text.At(ref f, p++) == (byte)'}' && (seen & BarNeeds) == BarNeeds;
        }
    }

    private static bool ScanLiquidation(
        ref byte f, nint p, nint length, SymbolTable symbols, long receiveTime, ref DecodedMessage message)
    {
        ulong seen = 0;
        long market = 1;
        Order order = default;
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
                case 'o':
                    isPlain = ScanOrder(ref f, ref p, length, symbols, ref order);
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

            if (key != NoKey || !IsEnd(ref f, p, length) || (seen & Bits("Eo")) != Bits("Eo"))
            {
                return false;
            }

            break;
        }

        if (Accept(ref message, StreamKind.Liquidations, market, symbols, order.Index))
        {
            message.Kind = DecodedKind.Event;
            message.EventValue = MarketEvent.ForLiquidation(
                order.Time, receiveTime, order.IsSell
                    ? Side.Sell : Side.Buy, order.AveragePrice, order.Filled, order.Quantity);
        }

        return true;
    }

    private static bool ScanOrder(ref byte f, ref nint p, nint length, SymbolTable symbols, ref Order order)
    {
        ulong seen = 0;
        if (!EnterObject(ref f, ref p, length))
        {
            return false;
        }

        while (true)
        {
            int key = InnerKey(ref f, ref p, length, seen == 0);
            int bit = key & 63;
            bool isPlain;
            switch (key)
            {
                case 's':
                    isPlain = Symbol(ref f, ref p, length, symbols, out order.Index);
                    break;
                case 'S':
                    isPlain = ReadSide(ref f, ref p, length, out order.IsSell);
                    break;
                case 'q':
                    isPlain = Number(ref f, ref p, length, out order.Quantity);
                    break;
                case 'z':
                    isPlain = Number(ref f, ref p, length, out order.Filled);
                    break;
                case Ap:
                    bit = ApBit;
                    isPlain = Number(ref f, ref p, length, out order.AveragePrice);
                    break;
                case 'T':
                    isPlain = Integer(ref f, ref p, length, out order.Time);
                    break;
                case 'o' or 'f' or 'p' or 'X' or 'l':
                    isPlain = Skip(ref f, ref p, length);
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

            return key == NoKey && p < length && Text.At(ref f, p++) == (byte)'}'
                && (seen & LiquidationNeeds) == LiquidationNeeds;
        }
    }

    private static bool ReadSide(ref byte f, ref nint p, nint length, out bool isSell)
    {
        isSell = false;
        if (p + 8 > length)
        {
            return false;
        }

        ulong head = Text.Load64(ref f, p);
        isSell = (head & 0xFFFF_FFFF_FFFF) == SellWord;
        p += isSell ? 6 : 5;
        return isSell || (head & 0xFF_FFFF_FFFF) == BuyWord;
    }

    private static bool EnterObject(ref byte f, ref nint p, nint length) => p + 16 < length
        && Text.At(ref f, p) == (byte)'{';

    // The first key follows the bracket as the others follow a comma, so one step back lets both be read alike.
    private static int InnerKey(ref byte f, ref nint p, nint length, bool isFirst)
    {
        if (!isFirst)
        {
            return Key(ref f, ref p, length);
        }

        ulong head = Text.Load64(ref f, p);
        if ((head & OneLetterMask) == (OneLetter ^ (ulong)(',' ^ '{')))
        {
            p += 5;
            return (int)(head >> 16) & 0xFF;
        }

        return NoKey;
    }

    private struct Order
    {
        public int Index;
        public bool IsSell;
        public double Quantity;
        public double Filled;
        public double AveragePrice;
        public long Time;
    }
}
