using Feeds.Core.Market;
using Feeds.Core.Numerics;
using Feeds.Core.Symbols;

namespace Feeds.Storage.Journals;

/// <summary>
/// The bodies of events that come seldom: a version byte, then the fields one after another. The same bytes stand in
/// open and in sealed segments. docs/formats/journal.md has them field by field.
/// </summary>
internal static class SlowRecordCodec
{
    private const byte Version = 1;

    /// <summary>True when the kind's body is written here.</summary>
    public static bool Holds(EventKind kind) => kind is EventKind.Settings or EventKind.Bar or EventKind.ContextBar
        or EventKind.OpenInterest or EventKind.Funding or EventKind.LongShortRatio or EventKind.TakerRatio
        or EventKind.ClockOffset or EventKind.FeedConnected or EventKind.FeedDisconnected or EventKind.SourceError
        or EventKind.Gap or EventKind.Recovered or EventKind.MarkBar or EventKind.IndexBar;

    public static void Write(in MarketEvent e, StateWriter writer)
    {
        writer.WriteByte(Version);
        switch (e.Kind)
        {
            case EventKind.Settings:
                SavedSettings.Save(e.Settings, writer);
                break;
            case EventKind.Bar or EventKind.MarkBar or EventKind.IndexBar:
                WriteBar(e.Bar, writer);
                break;
            case EventKind.ContextBar:
                writer.WriteString(e.ContextBar.Symbol.Text);
                WriteBar(e.ContextBar.Bar, writer);
                break;
            case EventKind.OpenInterest:
                writer.WriteInt32(e.OpenInterest.PeriodMs);
                WriteDecimal(e.OpenInterest.OpenInterest, writer);
                WriteOptional(e.OpenInterest.OpenInterestValue, writer);
                break;
            case EventKind.Funding:
                WriteDecimal(e.Funding.FundingRate, writer);
                WriteOptional(e.Funding.MarkPrice, writer);
                break;
            case EventKind.LongShortRatio:
                writer.WriteByte((byte)e.LongShortRatio.Kind);
                writer.WriteInt32(e.LongShortRatio.PeriodMs);
                WriteDecimal(e.LongShortRatio.Ratio, writer);
                WriteDecimal(e.LongShortRatio.LongShare, writer);
                WriteDecimal(e.LongShortRatio.ShortShare, writer);
                break;
            case EventKind.TakerRatio:
                writer.WriteInt32(e.TakerRatio.PeriodMs);
                WriteDecimal(e.TakerRatio.BuySellRatio, writer);
                WriteDecimal(e.TakerRatio.BuyVolume, writer);
                WriteDecimal(e.TakerRatio.SellVolume, writer);
                break;
            default:
                WriteControl(e, writer);
                break;
        }
    }

    public static MarketEvent Read(
        EventKind kind, long eventTime, long receiveTime, bool isFromStream, ref StateReader reader)
    {
        byte version = reader.ReadByte();
        if (version != Version)
        {
            throw new JournalVersionException(
                $"the journal holds a {kind} record of version {version}, this program knows {Version}: use a "
                + "newer program");
        }

        return kind switch
        {
            EventKind.Settings => MarketEvent.ForSettings(SavedSettings.Load(ref reader), receiveTime),
            EventKind.Bar => MarketEvent.ForBar(ReadBar(ref reader), eventTime, receiveTime, isFromStream),
            EventKind.MarkBar => MarketEvent.ForMarkBar(ReadBar(ref reader), receiveTime),
            EventKind.IndexBar => MarketEvent.ForIndexBar(ReadBar(ref reader), receiveTime),
            EventKind.ContextBar =>
                MarketEvent.ForContextBar(new ContextBar(ReadSymbol(ref reader), ReadBar(ref reader)), receiveTime),
            EventKind.OpenInterest => MarketEvent.ForOpenInterest(
                new OpenInterestRecord(reader.ReadInt32(), ReadDecimal(ref reader), ReadOptional(ref reader)),
                eventTime, receiveTime),
            EventKind.Funding => MarketEvent.ForFunding(
                new FundingSettlement(eventTime, ReadDecimal(ref reader), ReadOptional(ref reader)), receiveTime),
            EventKind.LongShortRatio => MarketEvent.ForLongShortRatio(
                new LongShortRatio(
                    (RatioKind)reader.ReadByte(), reader.ReadInt32(), ReadDecimal(ref reader), ReadDecimal(ref reader),
                    ReadDecimal(ref reader)),
                eventTime,
                receiveTime),
            EventKind.TakerRatio => MarketEvent.ForTakerRatio(
                new TakerRatio(
                    reader.ReadInt32(), ReadDecimal(ref reader), ReadDecimal(ref reader), ReadDecimal(ref reader)),
                eventTime,
                receiveTime),
            _ => ReadControl(kind, receiveTime, ref reader),
        };
    }

    private static void WriteControl(in MarketEvent e, StateWriter writer)
    {
        switch (e.Kind)
        {
            case EventKind.ClockOffset:
                writer.WriteDouble(e.ClockOffsetMs);
                break;
            case EventKind.FeedConnected:
                writer.WriteByte((byte)e.Feed);
                break;
            case EventKind.FeedDisconnected or EventKind.SourceError:
                writer.WriteByte((byte)e.Feed);
                writer.WriteString(e.Reason);
                break;
            case EventKind.Gap:
                writer.WriteByte((byte)e.Gap.Feed);
                writer.WriteInt64(e.Gap.FromId);
                writer.WriteInt64(e.Gap.ToId);
                writer.WriteInt64(e.Gap.FromTime);
                writer.WriteInt64(e.Gap.ToTime);
                writer.WriteString(e.Gap.Reason);
                break;
            case EventKind.Recovered:
                writer.WriteInt64(e.LastReceiveTime);
                break;
            default:
                throw new ArgumentException($"the journal has no form for events of kind {e.Kind}");
        }
    }

    private static MarketEvent ReadControl(EventKind kind, long receiveTime, ref StateReader reader) => kind switch
    {
        EventKind.ClockOffset => MarketEvent.ForClockOffset(reader.ReadDouble(), receiveTime),
        EventKind.FeedConnected => MarketEvent.ForFeedConnected(ReadFeed(ref reader), receiveTime),
        EventKind.FeedDisconnected =>
            MarketEvent.ForFeedDisconnected(ReadFeed(ref reader), ReadText(ref reader), receiveTime),
        EventKind.SourceError => MarketEvent.ForSourceError(ReadFeed(ref reader), ReadText(ref reader), receiveTime),
        EventKind.Gap => MarketEvent.ForGap(
            new Gap(
                ReadFeed(ref reader), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(),
                ReadText(ref reader)),
            receiveTime),
        EventKind.Recovered => MarketEvent.ForRecovered(reader.ReadInt64(), receiveTime),
        _ => throw new JournalVersionException(
            $"the journal holds an event of kind {(byte)kind}, which this program does not know: use a newer program"),
    };

    private static void WriteBar(Bar bar, StateWriter writer)
    {
        writer.WriteInt64(bar.OpenTime);
        writer.WriteInt32(bar.IntervalMs);
        WriteDecimal(bar.Open, writer);
        WriteDecimal(bar.High, writer);
        WriteDecimal(bar.Low, writer);
        WriteDecimal(bar.Close, writer);
        WriteDecimal(bar.Volume, writer);
        WriteDecimal(bar.QuoteVolume, writer);
        WriteDecimal(bar.TakerBuyVolume, writer);
        WriteDecimal(bar.TakerBuyQuoteVolume, writer);
        writer.WriteInt32(bar.TradeCount);
        writer.WriteBoolean(bar.IsFilled);
    }

    private static Bar ReadBar(ref StateReader reader) =>
        new(
            reader.ReadInt64(), reader.ReadInt32(), ReadDecimal(ref reader), ReadDecimal(ref reader),
            ReadDecimal(ref reader),
            ReadDecimal(ref reader), ReadDecimal(ref reader), ReadDecimal(ref reader), ReadDecimal(ref reader),
            ReadDecimal(ref reader), reader.ReadInt32(), reader.ReadBoolean());

    // Most decimals of the market fit 63 bits: scale and sign in one byte, the digits in eight.
    private static void WriteDecimal(decimal value, StateWriter writer)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        byte scale = (byte)((parts[3] >> 16) & 0x1F);
        byte sign = parts[3] < 0 ? (byte)0x80 : (byte)0;
        if (parts[2] == 0)
        {
            writer.WriteByte((byte)(sign | scale));
            writer.WriteInt32(parts[0]);
            writer.WriteInt32(parts[1]);
            return;
        }

        writer.WriteByte((byte)(sign | scale | WideDecimal));
        writer.WriteInt32(parts[0]);
        writer.WriteInt32(parts[1]);
        writer.WriteInt32(parts[2]);
    }

    private const byte WideDecimal = 0x20;

    private static decimal ReadDecimal(ref StateReader reader)
    {
        byte head = reader.ReadByte();
        int low = reader.ReadInt32();
        int middle = reader.ReadInt32();
        int high = (head & WideDecimal) != 0 ? reader.ReadInt32() : 0;
        byte scale = (byte)(head & 0x1F);
        return scale <= 28 && (head & 0x40) == 0
            ? new decimal(low, middle, high, (head & 0x80) != 0, scale)
            : throw new JournalFormatException($"a decimal cannot have the head byte {head}");
    }

    private static void WriteOptional(decimal? value, StateWriter writer)
    {
        writer.WriteBoolean(value.HasValue);
        if (value is { } number)
        {
            WriteDecimal(number, writer);
        }
    }

    private static decimal? ReadOptional(ref StateReader reader) => reader.ReadBoolean()
        ? ReadDecimal(ref reader) : null;

    private static Feed ReadFeed(ref StateReader reader)
    {
        byte feed = reader.ReadByte();
        return feed < FeedNames.Count
            ? (Feed)feed
            : throw new JournalVersionException(
                $"the journal names feed {feed}, which this program does not know: use a newer program");
    }

    private static string ReadText(ref StateReader reader) =>
        reader.ReadString() ?? throw new JournalFormatException("a text is missing");

    private static Symbol ReadSymbol(ref StateReader reader) =>
        Symbol.TryParse(reader.ReadString(), out Symbol? symbol, out string? error)
            ? symbol : throw new JournalFormatException(error);
}
