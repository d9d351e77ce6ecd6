using Feeds.Core.Market;
using Feeds.Core.Numerics;

namespace Feeds.Core.Bars;

/// <summary>How market records rest in saved state.</summary>
internal static class SavedRecords
{
    public static void Write(StateWriter writer, Bar bar)
    {
        writer.WriteInt64(bar.OpenTime);
        writer.WriteInt32(bar.IntervalMs);
        writer.WriteDecimal(bar.Open);
        writer.WriteDecimal(bar.High);
        writer.WriteDecimal(bar.Low);
        writer.WriteDecimal(bar.Close);
        writer.WriteDecimal(bar.Volume);
        writer.WriteDecimal(bar.QuoteVolume);
        writer.WriteDecimal(bar.TakerBuyVolume);
        writer.WriteDecimal(bar.TakerBuyQuoteVolume);
        writer.WriteInt32(bar.TradeCount);
        writer.WriteBoolean(bar.IsFilled);
    }

    public static Bar ReadBar(ref StateReader reader) => new(
        reader.ReadInt64(),
        reader.ReadInt32(),
        reader.ReadDecimal(),
        reader.ReadDecimal(),
        reader.ReadDecimal(),
        reader.ReadDecimal(),
        reader.ReadDecimal(),
        reader.ReadDecimal(),
        reader.ReadDecimal(),
        reader.ReadDecimal(),
        reader.ReadInt32(),
        reader.ReadBoolean());

    public static void Write(StateWriter writer, Symbol symbol) => writer.WriteString(symbol.Text);

    public static Symbol ReadSymbol(ref StateReader reader) =>
        Symbol.TryParse(reader.ReadString(), out Symbol? symbol)
            ? symbol : throw new StateFormatException("saved state: not a symbol");

    /// <summary>Writes a slow record with its times.</summary>
    public static void Write(StateWriter writer, in MarketEvent e)
    {
        writer.WriteByte((byte)e.Kind);
        writer.WriteInt64(e.EventTime);
        writer.WriteInt64(e.ReceiveTime);
        switch (e.Kind)
        {
            case EventKind.Bar or EventKind.MarkBar or EventKind.IndexBar:
                Write(writer, e.Bar);
                break;
            case EventKind.ContextBar:
                Write(writer, e.ContextBar.Symbol);
                Write(writer, e.ContextBar.Bar);
                break;
            case EventKind.OpenInterest:
                writer.WriteInt32(e.OpenInterest.PeriodMs);
                writer.WriteDecimal(e.OpenInterest.OpenInterest);
                writer.WriteBoolean(e.OpenInterest.OpenInterestValue.HasValue);
                writer.WriteDecimal(e.OpenInterest.OpenInterestValue ?? 0);
                break;
            case EventKind.Funding:
                writer.WriteInt64(e.Funding.FundingTime);
                writer.WriteDecimal(e.Funding.FundingRate);
                writer.WriteBoolean(e.Funding.MarkPrice.HasValue);
                writer.WriteDecimal(e.Funding.MarkPrice ?? 0);
                break;
            case EventKind.LongShortRatio:
                writer.WriteByte((byte)e.LongShortRatio.Kind);
                writer.WriteInt32(e.LongShortRatio.PeriodMs);
                writer.WriteDecimal(e.LongShortRatio.Ratio);
                writer.WriteDecimal(e.LongShortRatio.LongShare);
                writer.WriteDecimal(e.LongShortRatio.ShortShare);
                break;
            case EventKind.Liquidation:
                writer.WriteByte((byte)e.Side);
                writer.WriteDouble(e.Price);
                writer.WriteDouble(e.Quantity);
                writer.WriteDouble(e.OrderQuantity);
                break;
            default:
                throw new InvalidOperationException($"{e.Kind} is no slow record");
        }
    }

    public static MarketEvent ReadEvent(ref StateReader reader)
    {
        EventKind kind = (EventKind)reader.ReadByte();
        long eventTime = reader.ReadInt64();
        long receiveTime = reader.ReadInt64();
        switch (kind)
        {
            case EventKind.Bar:
                return MarketEvent.ForBar(ReadBar(ref reader), eventTime, receiveTime, isFromStream: false);
            case EventKind.MarkBar:
                return MarketEvent.ForMarkBar(ReadBar(ref reader), receiveTime);
            case EventKind.IndexBar:
                return MarketEvent.ForIndexBar(ReadBar(ref reader), receiveTime);
            case EventKind.ContextBar:
                Symbol symbol = ReadSymbol(ref reader);
                return MarketEvent.ForContextBar(new ContextBar(symbol, ReadBar(ref reader)), receiveTime);
            case EventKind.OpenInterest:
                int periodMs = reader.ReadInt32();
                decimal openInterest = reader.ReadDecimal();
                bool hasValue = reader.ReadBoolean();
                decimal value = reader.ReadDecimal();
                return MarketEvent.ForOpenInterest(
                    new OpenInterestRecord(periodMs, openInterest, hasValue ? value : null), eventTime, receiveTime);
            case EventKind.Funding:
                long fundingTime = reader.ReadInt64();
                decimal rate = reader.ReadDecimal();
                bool hasMark = reader.ReadBoolean();
                decimal mark = reader.ReadDecimal();
                return MarketEvent.ForFunding(
                    new FundingSettlement(fundingTime, rate, hasMark ? mark : null), receiveTime);
            case EventKind.LongShortRatio:
                RatioKind ratioKind = (RatioKind)reader.ReadByte();
                int ratioPeriodMs = reader.ReadInt32();
                return MarketEvent.ForLongShortRatio(
                    new LongShortRatio(
                        ratioKind, ratioPeriodMs, reader.ReadDecimal(), reader.ReadDecimal(), reader.ReadDecimal()),
                    eventTime,
                    receiveTime);
            case EventKind.Liquidation:
                Side side = (Side)reader.ReadByte();
                return MarketEvent.ForLiquidation(
                    eventTime, receiveTime, side, reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
            default:
                throw new StateFormatException($"saved state: {kind} is no slow record");
        }
    }
}
