using System.Text.Json;
using Feeds.Core.Books;
using Feeds.Core.Market;

namespace Feeds.Binance.Wire;

/// <content>What the types of events mean.</content>
internal sealed partial class JsonFrameDecoder
{
    private static readonly int FieldE = FieldId.Of('E');
    private static readonly int FieldT = FieldId.Of('T');

    private enum Market
    {
        UsdMargined,
        CoinMargined,
        Other,
        Invalid,
    }

    private void DecodeEvent(ReadOnlySpan<byte> frame, JsonFields fields, StreamKind stream, ref DecodedMessage message)
    {
        int e = FieldId.Of('e');
        if (fields.Token(e) != JsonTokenType.String)
        {
            Refuse(ref message, fields.Has(e) ? MalformedReason.WrongType : MalformedReason.MissingField, "e");
            return;
        }

        ReadOnlySpan<byte> type = fields.Text(e, frame);
        (MessageShape? shape, StreamKind kind) = type switch
        {
            _ when type.SequenceEqual("depthUpdate"u8) =>
                (MessageShape.Depth, stream == StreamKind.PartialDepth
                    ? StreamKind.PartialDepth : StreamKind.DiffDepth),
            _ when type.SequenceEqual("bookTicker"u8) => (MessageShape.Quote, StreamKind.Quotes),
            _ when type.SequenceEqual("aggTrade"u8) => (MessageShape.Trade, StreamKind.Trades),
            _ when type.SequenceEqual("markPriceUpdate"u8) => (MessageShape.Mark, StreamKind.Mark),
            _ when type.SequenceEqual("kline"u8) => (MessageShape.Bar, StreamKind.Bars),
            _ when type.SequenceEqual("forceOrder"u8) => (MessageShape.Liquidation, StreamKind.Liquidations),
            _ when type.SequenceEqual("contractInfo"u8) => (MessageShape.Contract, StreamKind.Contracts),
            _ => ((MessageShape?)null, StreamKind.Unknown),
        };
        if (shape is null)
        {
            if (type.SequenceEqual("serverShutdown"u8))
            {
                message = default;
                message.SymbolIndex = -1;
                message.Kind = DecodedKind.Shutdown;
                return;
            }

            _drift.Count(DriftKind.UnknownEvent, string.Empty, type);
            Ignore(ref message, stream, IgnoreReason.UnknownEvent);
            return;
        }

        if (stream != StreamKind.Unknown && stream != kind)
        {
            Refuse(ref message, MalformedReason.StreamMismatch);
            return;
        }

        DecodeKnown(frame, fields, shape, kind, ref message);
    }

    private void DecodeKnown(
        ReadOnlySpan<byte> frame, JsonFields fields, MessageShape shape, StreamKind kind, ref DecodedMessage message)
    {
        JsonFields? inner = null;
        if (kind is StreamKind.Bars or StreamKind.Liquidations)
        {
            int body = FieldId.Of(kind == StreamKind.Bars ? 'k' : 'o');
            if (fields.Token(body) != JsonTokenType.StartObject)
            {
                Refuse(ref message, fields.Has(body)
                    ? MalformedReason.WrongType : MalformedReason.MissingField, FieldId.Name(body));
                return;
            }

            inner = _inner;
            Collect(frame, fields, body, inner);
            if (inner.HasDuplicate)
            {
                Refuse(ref message, MalformedReason.DuplicateField);
                return;
            }

            MessageShape innerShape = kind == StreamKind.Bars ? MessageShape.BarBody : MessageShape.LiquidationBody;
            inner.ReportDrift(frame, _drift, innerShape.Name, innerShape.Known, innerShape.Expected);
        }

        fields.ReportDrift(frame, _drift, shape.Name, shape.Known, shape.Expected);
        switch (kind)
        {
            case StreamKind.PartialDepth or StreamKind.DiffDepth:
                DecodeDepth(frame, fields, kind, ref message);
                break;
            case StreamKind.Quotes:
                DecodeQuote(frame, fields, ref message);
                break;
            case StreamKind.Trades:
                DecodeTrade(frame, fields, ref message);
                break;
            case StreamKind.Mark:
                DecodeMark(frame, fields, ref message);
                break;
            case StreamKind.Bars:
                DecodeBar(frame, fields, inner!, ref message);
                break;
            case StreamKind.Liquidations:
                DecodeLiquidation(frame, fields, inner!, ref message);
                break;
            default:
                DecodeContract(frame, fields, ref message);
                break;
        }
    }

    private void DecodeDepth(ReadOnlySpan<byte> frame, JsonFields fields, StreamKind kind, ref DecodedMessage message)
    {
        long previous = 0;
        long first = 0;
        bool isDelta = kind == StreamKind.DiffDepth;
        if (!EventTime(frame, fields, ref message, out long time)
            || !Integer(frame, fields, 'u', ref message, out long last)
            || (isDelta && !Integer(frame, fields, 'U', ref message, out first))
            || (isDelta && !Integer(frame, fields, FieldId.Pu, ref message, out previous)))
        {
            return;
        }

        BookLevelsPool pool = isDelta ? _deltas : _books;
        BookLevels levels = pool.Rent();
        int asks = 0;
        if (Side(frame, fields, 'b', levels.BidBuffer, ref message, out int bids)
            && Side(frame, fields, 'a', levels.AskBuffer, ref message, out asks)
            && Accept(frame, fields, null, kind, ref message))
        {
            levels.SetCounts(bids, asks);
            message.Kind = isDelta ? DecodedKind.BookDelta : DecodedKind.Event;
            message.EventValue = MarketEvent.ForBook(time, _receiveTime, last, levels);
            message.First = first;
            message.Second = previous;
            return;
        }

        pool.Return(levels);
    }

    private void DecodeQuote(ReadOnlySpan<byte> frame, JsonFields fields, ref DecodedMessage message)
    {
        if (!EventTime(frame, fields, ref message, out long time)
            || !Integer(frame, fields, 'u', ref message, out long last)
            || !Number(frame, fields, 'b', ref message, out double bid)
            || !Number(frame, fields, 'B', ref message, out double bidQuantity)
            || !Number(frame, fields, 'a', ref message, out double ask)
            || !Number(frame, fields, 'A', ref message, out double askQuantity)
            || !Accept(frame, fields, null, StreamKind.Quotes, ref message))
        {
            return;
        }

        BookLevels levels = _books.Rent();
        levels.BidBuffer[0] = new PriceLevel(bid, bidQuantity);
        levels.AskBuffer[0] = new PriceLevel(ask, askQuantity);
        levels.SetCounts(1, 1);
        message.Kind = DecodedKind.Event;
        message.EventValue = MarketEvent.ForQuote(time, _receiveTime, last, levels);
    }

    private void DecodeTrade(ReadOnlySpan<byte> frame, JsonFields fields, ref DecodedMessage message)
    {
        // When it was sent is no stand-in for when it was made: one without its time is refused, and fetched by its
        // number.
        double quantityWithoutRpi = 0;
        if (!Integer(frame, fields, FieldT, ref message, out long time)
            || !Integer(frame, fields, 'a', ref message, out long id)
            || !Number(frame, fields, 'p', ref message, out double price)
            || !Number(frame, fields, 'q', ref message, out double quantity)
            || (fields.Has(FieldId.Nq) && !Number(frame, fields, FieldId.Nq, ref message, out quantityWithoutRpi))
            || !Boolean(fields, 'm', ref message, out bool buyerIsMaker)
            || !TradeCount(frame, fields, ref message, out int count)
            || !Accept(frame, fields, null, StreamKind.Trades, ref message))
        {
            return;
        }

        // The buyer waited in the book, so the taker sold.
        Side side = buyerIsMaker ? Core.Market.Side.Sell : Core.Market.Side.Buy;
        quantityWithoutRpi = fields.Has(FieldId.Nq) ? quantityWithoutRpi : quantity;
        message.Kind = DecodedKind.Event;
        message.EventValue = MarketEvent.ForTrade(
            time, _receiveTime, id, price, quantity, quantityWithoutRpi, side, count);
    }

    private void DecodeMark(ReadOnlySpan<byte> frame, JsonFields fields, ref DecodedMessage message)
    {
        double rate = double.NaN;
        long next = 0;
        int r = FieldId.Of('r');

        // A delivery contract has no funding: its rate is empty.
        bool hasRate = fields.Has(r) && !(fields.Token(r) == JsonTokenType.String && fields.Text(r, frame).IsEmpty);
        if (!Integer(frame, fields, 'E', ref message, out long time)
            || !Number(frame, fields, 'p', ref message, out double mark)
            || !Number(frame, fields, 'i', ref message, out double index)
            || (hasRate && !Number(frame, fields, 'r', ref message, out rate))
            || (fields.Has(FieldT) && !Integer(frame, fields, 'T', ref message, out next))
            || !Accept(frame, fields, null, StreamKind.Mark, ref message))
        {
            return;
        }

        message.Kind = DecodedKind.Event;
        message.EventValue = MarketEvent.ForMark(time, _receiveTime, mark, index, hasRate ? rate : double.NaN, next);
    }

    private void DecodeBar(ReadOnlySpan<byte> frame, JsonFields fields, JsonFields k, ref DecodedMessage message)
    {
        decimal high = 0, low = 0, close = 0, volume = 0, quoteVolume = 0, takerVolume = 0, takerQuoteVolume = 0;
        if (!Integer(frame, fields, 'E', ref message, out long time)
            || !Integer(frame, k, 't', ref message, out long openTime)
            || !Decimal(frame, k, 'o', ref message, out decimal open)
            || !Decimal(frame, k, 'h', ref message, out high)
            || !Decimal(frame, k, 'l', ref message, out low)
            || !Decimal(frame, k, 'c', ref message, out close)
            || !Decimal(frame, k, 'v', ref message, out volume)
            || !Decimal(frame, k, 'q', ref message, out quoteVolume)
            || !Decimal(frame, k, 'V', ref message, out takerVolume)
            || !Decimal(frame, k, 'Q', ref message, out takerQuoteVolume)
            || !Integer(frame, k, 'n', ref message, out long count)
            || !Boolean(k, 'x', ref message, out bool isClosed))
        {
            return;
        }

        int i = FieldId.Of('i');
        if (k.Token(i) != JsonTokenType.String || count is < 0 or > int.MaxValue)
        {
            Refuse(ref message, k.Has(i) ? MalformedReason.InvalidValue : MalformedReason.MissingField, "k");
            return;
        }

        bool isMinute = k.Text(i, frame).SequenceEqual("1m"u8);
        if (!Accept(frame, fields, null, StreamKind.Bars, ref message))
        {
            return;
        }

        if (!isMinute)
        {
            Ignore(ref message, StreamKind.Bars, IgnoreReason.OtherInterval);
            return;
        }

        message.Kind = isClosed ? DecodedKind.Event : DecodedKind.FormingBar;
        if (isClosed)
        {
            Bar bar = new(
                openTime, Bar.Minute, open, high, low, close, volume, quoteVolume, takerVolume, takerQuoteVolume,
                (int)count);
            message.EventValue = MarketEvent.ForBar(bar, time, _receiveTime, isFromStream: true);
        }
    }

    private void DecodeLiquidation(
        ReadOnlySpan<byte> frame, JsonFields fields, JsonFields o, ref DecodedMessage message)
    {
        long time = 0;
        if (o.Has(FieldT)
            ? !Integer(frame, o, 'T', ref message, out time) : !Integer(frame, fields, 'E', ref message, out time))
        {
            return;
        }

        if (!Number(frame, o, FieldId.Ap, ref message, out double price)
            || !Number(frame, o, 'z', ref message, out double filled)
            || !Number(frame, o, 'q', ref message, out double quantity))
        {
            return;
        }

        ReadOnlySpan<byte> side = o.Text(FieldId.Of('S'), frame);
        bool isSell = side.SequenceEqual("SELL"u8);
        if (!isSell && !side.SequenceEqual("BUY"u8))
        {
            Refuse(ref message, o.Has(FieldId.Of('S'))
                ? MalformedReason.InvalidValue : MalformedReason.MissingField, "S");
            return;
        }

        if (Accept(frame, o, fields, StreamKind.Liquidations, ref message))
        {
            message.Kind = DecodedKind.Event;
            message.EventValue = MarketEvent.ForLiquidation(
                time, _receiveTime, isSell ? Core.Market.Side.Sell : Core.Market.Side.Buy, price, filled, quantity);
        }
    }

    private void DecodeContract(ReadOnlySpan<byte> frame, JsonFields fields, ref DecodedMessage message)
    {
        long onboard = 0;
        long delivery = 0;
        if (!Integer(frame, fields, 'E', ref message, out long time)
            || (fields.Has(FieldId.Ot) && !Integer(frame, fields, FieldId.Ot, ref message, out onboard))
            || (fields.Has(FieldId.Dt) && !Integer(frame, fields, FieldId.Dt, ref message, out delivery)))
        {
            return;
        }

        string status = System.Text.Encoding.UTF8.GetString(fields.Text(FieldId.Cs, frame));
        string type = System.Text.Encoding.UTF8.GetString(fields.Text(FieldId.Ct, frame));
        string text = System.Text.Encoding.UTF8.GetString(fields.Text(FieldId.Of('s'), frame));
        if (status.Length == 0)
        {
            Refuse(ref message, MalformedReason.MissingField, "cs");
        }
        else if (!Symbol.TryParse(text, out Symbol? symbol))
        {
            Refuse(ref message, MalformedReason.InvalidSymbol, "s");
        }
        else if (MarketOf(frame, fields) is not Market.UsdMargined and var market)
        {
            RefuseMarket(market, StreamKind.Contracts, ref message);
        }
        else
        {
            message = default;
            message.SymbolIndex = _symbols.IndexOf(symbol);
            message.Kind = DecodedKind.Contract;
            message.Stream = StreamKind.Contracts;
            message.Symbol = symbol;
            message.Detail = new Contract(symbol, type, status, onboard, delivery, time, _receiveTime);
        }
    }
}
