using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Feeds.Core.Books;
using Feeds.Core.Market;
using Feeds.Core.Numerics;

namespace Feeds.Storage.Journals;

/// <summary>
/// One event as an open segment holds it: a head of 28 bytes and a body by kind, little-endian, nothing compressed, so
/// that an append is little more than a copy. docs/formats/journal.md has it byte by byte.
/// </summary>
internal static class EventCodec
{
    /// <summary>Bytes before the body: length, symbol, kind, flags, event time, receive time, duplicates.</summary>
    public const int HeadLength = 28;

    /// <summary>The most levels of one side of a book.</summary>
    public const int MaxLevels = 10_000;

    private const byte SellFlag = 1;
    private const byte StreamFlag = 2;
    private const int BookHead = 4 + 8 + 2 + 2;
    private const int LevelLength = 16;

    /// <summary>
    /// Returns how many bytes an event takes; −1 when its body must be written first to know
    /// (<see cref="SlowRecordCodec"/>).
    /// </summary>
    public static int LengthOf(in MarketEvent e) => e.Kind switch
    {
        EventKind.Book or EventKind.Quote =>
            HeadLength + BookHead + (LevelLength * (e.Levels.BidCount + e.Levels.AskCount)),
        EventKind.Trade => HeadLength + 4 + 8 + 24,
        EventKind.Mark or EventKind.Premium => HeadLength + 8 + 24,
        EventKind.Liquidation => HeadLength + 24,
        EventKind.Tick or EventKind.TickSkipped => HeadLength,
        _ => -1,
    };

    /// <summary>Writes an event into exactly as many bytes as <see cref="LengthOf"/> says.</summary>
    public static void Write(in MarketEvent e, int symbol, Span<byte> output)
    {
        WriteHead(e, symbol, output);
        Span<byte> body = output[HeadLength..];
        switch (e.Kind)
        {
            case EventKind.Book or EventKind.Quote:
                WriteBook(e, body);
                break;
            case EventKind.Trade:
                BinaryPrimitives.WriteInt32LittleEndian(body, e.TradeCount);
                BinaryPrimitives.WriteInt64LittleEndian(body[4..], e.TradeId);
                WriteThree(body[12..], e.Price, e.Quantity, e.QuantityWithoutRpi);
                break;
            case EventKind.Mark or EventKind.Premium:
                BinaryPrimitives.WriteInt64LittleEndian(body, e.NextFundingTime);
                WriteThree(body[8..], e.MarkPrice, e.IndexPrice, e.PredictedFundingRate);
                break;
            case EventKind.Liquidation:
                WriteThree(body, e.Price, e.Quantity, e.OrderQuantity);
                break;
            default:
                break;
        }
    }

    /// <summary>Writes an event whose body was written already.</summary>
    public static void Write(in MarketEvent e, int symbol, ReadOnlySpan<byte> body, Span<byte> output)
    {
        WriteHead(e, symbol, output);
        body.CopyTo(output[HeadLength..]);
    }

    /// <summary>Returns the length and the symbol's number of the event at the beginning of the bytes.</summary>
    /// <exception cref="JournalFormatException">The length does not fit the bytes.</exception>
    public static int ReadHead(ReadOnlySpan<byte> bytes, out int symbol)
    {
        if (bytes.Length < HeadLength)
        {
            throw new JournalFormatException($"an event needs {HeadLength} bytes, {bytes.Length} are left");
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        symbol = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
        return length >= HeadLength && length <= bytes.Length
            ? length
            : throw new JournalFormatException($"an event of {length} bytes, {bytes.Length} are left");
    }

    /// <summary>
    /// Reads an event from exactly its bytes. A book lies in <paramref name="scratch"/> and is valid until that is used
    /// again.
    /// </summary>
    /// <exception cref="JournalFormatException">The bytes are no event.</exception>
    /// <exception cref="JournalVersionException">The kind is one of a newer program.</exception>
    public static MarketEvent Read(ReadOnlySpan<byte> bytes, BookScratch scratch)
    {
        EventKind kind = (EventKind)bytes[6];
        byte flags = bytes[7];
        long eventTime = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
        long receiveTime = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]);
        ushort duplicates = BinaryPrimitives.ReadUInt16LittleEndian(bytes[24..]);
        ReadOnlySpan<byte> body = bytes[HeadLength..];
        MarketEvent e = kind switch
        {
            EventKind.Book or EventKind.Quote => ReadBook(kind, eventTime, receiveTime, body, scratch),
            EventKind.Trade => ReadTrade(flags, eventTime, receiveTime, Expect(body, 36, kind)),
            EventKind.Mark => MarketEvent.ForMark(
                eventTime, receiveTime, Double(Expect(body, 32, kind), 8), Double(body, 16), Double(body, 24),
                Long(body, 0)),
            EventKind.Premium => MarketEvent.ForPremium(
                eventTime, receiveTime, Double(Expect(body, 32, kind), 8), Double(body, 16), Double(body, 24),
                Long(body, 0)),
            EventKind.Liquidation => MarketEvent.ForLiquidation(
                eventTime, receiveTime, (Side)(flags & SellFlag), Double(Expect(body, 24, kind), 0), Double(body, 8),
                Double(body, 16)),
            EventKind.Tick => MarketEvent.ForTick(eventTime, receiveTime),
            EventKind.TickSkipped => MarketEvent.ForTickSkipped(eventTime, receiveTime),
            _ => ReadSlow(kind, flags, eventTime, receiveTime, body),
        };
        return duplicates == 0 ? e : e.WithDuplicates(duplicates);
    }

    private static MarketEvent ReadSlow(
        EventKind kind, byte flags, long eventTime, long receiveTime, ReadOnlySpan<byte> body)
    {
        StateReader reader = new(body);
        try
        {
            MarketEvent e = SlowRecordCodec.Read(kind, eventTime, receiveTime, (flags & StreamFlag) != 0, ref reader);
            return reader.Remaining == 0
                ? e
                : throw new JournalFormatException($"a {kind} record has {reader.Remaining} bytes too many");
        }
        catch (StateFormatException e)
        {
            throw new JournalFormatException($"a {kind} record cannot be read: {e.Message}", e);
        }
    }

    private static MarketEvent ReadTrade(byte flags, long eventTime, long receiveTime, ReadOnlySpan<byte> body) =>
        MarketEvent.ForTrade(
            eventTime, receiveTime, Long(body, 4), Double(body, 12), Double(body, 20), Double(body, 28),
            (Side)(flags & SellFlag),
            BinaryPrimitives.ReadInt32LittleEndian(body), (flags & StreamFlag) != 0);

    private static void WriteHead(in MarketEvent e, int symbol, Span<byte> output)
    {
        int flags = (e.IsFromStream ? StreamFlag : 0)
            | (e.Kind is EventKind.Trade or EventKind.Liquidation && e.Side == Side.Sell ? SellFlag : 0);
        BinaryPrimitives.WriteInt32LittleEndian(output, output.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(output[4..], (ushort)symbol);
        output[6] = (byte)e.Kind;
        output[7] = (byte)flags;
        BinaryPrimitives.WriteInt64LittleEndian(output[8..], e.EventTime);
        BinaryPrimitives.WriteInt64LittleEndian(output[16..], e.ReceiveTime);
        BinaryPrimitives.WriteUInt16LittleEndian(output[24..], e.Duplicates);
        BinaryPrimitives.WriteUInt16LittleEndian(output[26..], 0);
    }

    private static void WriteBook(in MarketEvent e, Span<byte> body)
    {
        BookLevels levels = e.Levels;
        BinaryPrimitives.WriteInt32LittleEndian(body, e.Conflated);
        BinaryPrimitives.WriteInt64LittleEndian(body[4..], e.LastUpdateId);
        BinaryPrimitives.WriteUInt16LittleEndian(body[12..], (ushort)levels.BidCount);
        BinaryPrimitives.WriteUInt16LittleEndian(body[14..], (ushort)levels.AskCount);
        CopyOut(levels.Bids, body[BookHead..]);
        CopyOut(levels.Asks, body[(BookHead + (LevelLength * levels.BidCount))..]);
    }

    private static MarketEvent ReadBook(
        EventKind kind, long eventTime, long receiveTime, ReadOnlySpan<byte> body, BookScratch scratch)
    {
        if (body.Length < BookHead)
        {
            throw new JournalFormatException($"a book of {body.Length} bytes");
        }

        int conflated = BinaryPrimitives.ReadInt32LittleEndian(body);
        int bids = BinaryPrimitives.ReadUInt16LittleEndian(body[12..]);
        int asks = BinaryPrimitives.ReadUInt16LittleEndian(body[14..]);
        if (bids > MaxLevels || asks > MaxLevels || body.Length != BookHead + (LevelLength * (bids + asks)))
        {
            throw new JournalFormatException($"a book of {bids} bids and {asks} asks in {body.Length} bytes");
        }

        BookLevels levels = scratch.For(Math.Max(bids, asks));
        CopyIn(body.Slice(BookHead, LevelLength * bids), levels.BidBuffer);
        CopyIn(body[(BookHead + (LevelLength * bids))..], levels.AskBuffer);
        levels.SetCounts(bids, asks);
        MarketEvent e = kind == EventKind.Book
            ? MarketEvent.ForBook(eventTime, receiveTime, Long(body, 4), levels)
            : MarketEvent.ForQuote(eventTime, receiveTime, Long(body, 4), levels);
        return conflated == 0 ? e : e.WithConflated(conflated);
    }

    // A level is two doubles one after the other, in memory as in the file (little-endian, which every machine of ours
    // is).
    private static void CopyOut(ReadOnlySpan<PriceLevel> levels, Span<byte> bytes) =>
        MemoryMarshal.AsBytes(levels).CopyTo(bytes);

    private static void CopyIn(ReadOnlySpan<byte> bytes, Span<PriceLevel> levels) =>
        bytes.CopyTo(MemoryMarshal.AsBytes(levels));

    private static void WriteThree(Span<byte> output, double a, double b, double c)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(output, a);
        BinaryPrimitives.WriteDoubleLittleEndian(output[8..], b);
        BinaryPrimitives.WriteDoubleLittleEndian(output[16..], c);
    }

    private static ReadOnlySpan<byte> Expect(ReadOnlySpan<byte> body, int length, EventKind kind) =>
        body.Length == length
            ? body : throw new JournalFormatException($"a {kind} of {body.Length} bytes where {length} belong");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Double(ReadOnlySpan<byte> bytes, int offset) =>
        BinaryPrimitives.ReadDoubleLittleEndian(bytes[offset..]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Long(ReadOnlySpan<byte> bytes, int offset) =>
        BinaryPrimitives.ReadInt64LittleEndian(bytes[offset..]);
}
