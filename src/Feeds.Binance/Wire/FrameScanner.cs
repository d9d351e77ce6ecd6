using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Feeds.Core.Books;

namespace Feeds.Binance.Wire;

/// <summary>
/// Decodes the frames as the exchange writes them: an envelope without blanks, then the event type first and the other
/// fields in any order. It declines everything else — escapes, blanks, unknown fields, odd numbers, broken frames — and
/// leaves it to
/// <see cref="JsonFrameDecoder"/>, so what it accepts means the same there.
/// </summary>
internal sealed partial class FrameScanner
{
    // Shorter than any message that is scanned, and long enough for every load at its head.
    private const int MinLength = 88;
    private const int NameStart = 11;

    private static readonly ulong StreamHead = Text.Word("{\"stream");
    private static readonly uint StreamHeadEnd = (uint)Text.Word("m\":\"");
    private static readonly ulong DataHead = Text.Word("\",\"data\"");
    private static readonly ulong DataHeadEnd = Text.Word("\":{\"e\":\"");
    private static readonly ulong Depth20 = Text.Word("depth20@");
    private static readonly ulong DepthUpd = Text.Word("depthUpd");
    private static readonly uint DepthUpdEnd = (uint)Text.Word("ate\"");
    private static readonly ulong BookTick = Text.Word("bookTick");
    private static readonly ulong AggTrade = Text.Word("aggTrade");
    private static readonly ulong MarkPric = Text.Word("markPric");
    private static readonly ulong MarkPriceEnd = Text.Word("eUpdate\"");
    private static readonly ulong Kline = Text.Word("kline\"");
    private static readonly ulong ForceOrd = Text.Word("forceOrd");
    private static readonly uint ErEnd = (uint)Text.Word("er\"");

    private readonly BookLevelsPool _books;
    private readonly BookLevelsPool _deltas;
    private readonly SideReader _sides = new();

    public FrameScanner(BookLevelsPool books, BookLevelsPool deltas)
    {
        _books = books;
        _deltas = deltas;
    }

    /// <summary>
    /// True when the frame was decoded; false when it is left to the general decoder, and then nothing was taken.
    /// </summary>
    public bool TryDecode(ReadOnlySpan<byte> frame, SymbolTable symbols, long receiveTime, ref DecodedMessage message)
    {
        nint length = frame.Length;
        ref byte f = ref MemoryMarshal.GetReference(frame);
        if (length < MinLength || Text.Load64(ref f, 0) != StreamHead
            || Text.Load32(ref f, NameStart - 4) != StreamHeadEnd)
        {
            return false;
        }

        // Names of up to 31 bytes of ASCII are told at a look; the others take the way of bytes.
        Vector256<byte> name = Vector256.LoadUnsafe(ref f, NameStart);
        uint quotes = Vector256.Equals(name, Vector256.Create((byte)'"')).ExtractMostSignificantBits();
        uint signs = Vector256.Equals(name, Vector256.Create((byte)'@')).ExtractMostSignificantBits();
        uint odd = Vector256.LessThan(name.AsSByte(), Vector256.Create((sbyte)0x20)).ExtractMostSignificantBits()
            | Vector256.Equals(name, Vector256.Create((byte)'\\')).ExtractMostSignificantBits();
        int nameLength = BitOperations.TrailingZeroCount(quotes);
        if (quotes == 0 || (odd & ((1u << nameLength) - 1)) != 0)
        {
            nameLength = Text.PlainLength(ref f, NameStart, length);
        }

        nint end = NameStart + nameLength;
        if (nameLength < 8 || end + 32 > length || Text.Load64(ref f, end) != DataHead
            || Text.Load64(ref f, end + 7) != DataHeadEnd)
        {
            return false;
        }

        nint type = end + 15;
        ulong typeHead = Text.Load64(ref f, type);

        // The usual names are told by their ends, behind the first sign; the others are rare enough for a closer look.
        int suffixLength = nameLength - 1 - BitOperations.TrailingZeroCount(signs);
        bool isOfOne = Text.At(ref f, NameStart) != (byte)'!';
        if (typeHead == DepthUpd && Text.Load32(ref f, type + 8) == DepthUpdEnd)
        {
            StreamKind kind = suffixLength == 13 && isOfOne && Text.Load64(ref f, end - 13) == Depth20
                ? StreamKind.PartialDepth
                : StreamSuffix.KindOf(frame[NameStart..(int)end]);
            return kind is StreamKind.PartialDepth or StreamKind.DiffDepth
                && ScanDepth(ref f, type + 12, length, kind, symbols, receiveTime, ref message);
        }

        if (typeHead == BookTick && (Text.Load32(ref f, type + 8) & 0xFFFFFF) == ErEnd)
        {
            bool isKnown = suffixLength == 10 && isOfOne && Text.Load64(ref f, end - 10) == BookTick
                && (Text.Load32(ref f, end - 2) & 0xFFFFFF) == ErEnd;
            return (isKnown || StreamSuffix.KindOf(frame[NameStart..(int)end]) == StreamKind.Quotes)
                && ScanQuote(ref f, type + 11, length, symbols, receiveTime, ref message);
        }

        if (typeHead == AggTrade && Text.At(ref f, type + 8) == (byte)'"')
        {
            bool isKnown = suffixLength == 8 && isOfOne && Text.Load64(ref f, end - 8) == AggTrade;
            return (isKnown || StreamSuffix.KindOf(frame[NameStart..(int)end]) == StreamKind.Trades)
                && ScanTrade(ref f, type + 9, length, symbols, receiveTime, ref message);
        }

        return TryDecodeRare(frame, type, end, symbols, receiveTime, ref message);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryDecodeRare(
        ReadOnlySpan<byte> frame, nint type, nint end, SymbolTable symbols, long receiveTime,
        ref DecodedMessage message)
    {
        ref byte f = ref MemoryMarshal.GetReference(frame);
        StreamKind kind = StreamSuffix.KindOf(frame[NameStart..(int)end]);
        ulong head = Text.Load64(ref f, type);
        if (head == MarkPric && Text.Load64(ref f, type + 8) == MarkPriceEnd)
        {
            return kind == StreamKind.Mark
                && ScanMark(ref f, type + 16, frame.Length, symbols, receiveTime, ref message);
        }

        if ((head & 0xFFFF_FFFF_FFFF) == Kline)
        {
            return kind == StreamKind.Bars && ScanBar(ref f, type + 6, frame.Length, symbols, ref message);
        }

        return head == ForceOrd && (Text.Load32(ref f, type + 8) & 0xFFFFFF) == ErEnd
            && kind == StreamKind.Liquidations
            && ScanLiquidation(ref f, type + 11, frame.Length, symbols, receiveTime, ref message);
    }
}
