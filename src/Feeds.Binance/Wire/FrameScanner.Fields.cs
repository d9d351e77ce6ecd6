using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Feeds.Binance.Wire;

/// <content>Keys and single values.</content>
internal sealed partial class FrameScanner
{
    private const int NoKey = -1;

    // Keeps two letters apart from one, whatever the second is.
    private const int Two = 1 << 16;

    // Two letters as they lie in a word. Each has a bit of its own, as have the single letters (their value modulo 64).
    private const int Ps = Two | 'p' | ('s' << 8);
    private const int Pu = Two | 'p' | ('u' << 8);
    private const int Nq = Two | 'n' | ('q' << 8);
    private const int Ap = Two | 'a' | ('p' << 8);
    private const int St = Two | 's' | ('t' << 8);
    private const int PsBit = 59;
    private const int PuBit = 60;
    private const int NqBit = 61;
    private const int ApBit = 62;
    private const int StBit = 63;

    private const ulong OneLetter = 0x0000_003A_2200_222C;
    private const ulong OneLetterMask = 0x0000_00FF_FF00_FFFF;
    private const ulong TwoLetters = 0x0000_3A22_0000_222C;
    private const ulong TwoLettersMask = 0x0000_FFFF_0000_FFFF;

    private static ulong Bit(char letter) => 1UL << (letter & 63);

    private static ulong Bits(string letters)
    {
        ulong bits = 0;
        foreach (char letter in letters)
        {
            bits |= Bit(letter);
        }

        return bits;
    }

    /// <summary>
    /// Reads <c>,"x":</c> or <c>,"xy":</c> and returns the letters; NoKey and no move when there is no such key.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Key(ref byte f, ref nint p, nint length)
    {
        // The shortest field with what must follow it, ,"x":1}}, fills a word.
        if (p > length - 8)
        {
            return NoKey;
        }

        ulong head = Text.Load64(ref f, p);
        if ((head & OneLetterMask) == OneLetter)
        {
            p += 5;
            return (int)(head >> 16) & 0xFF;
        }

        if ((head & TwoLettersMask) == TwoLetters)
        {
            p += 6;
            return ((int)(head >> 16) & 0xFFFF) | Two;
        }

        return NoKey;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsEnd(ref byte f, nint p, nint length) => p + 2 == length
        && Text.Load16(ref f, p) == (('}' << 8) | '}');

    /// <summary>Reads a whole number as JSON writes it: no leading zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Integer(ref byte f, ref nint p, nint length, out long value)
    {
        int count = DigitKernel.ReadTime(ref f, p, length, out value, out int decimals);
        bool isPlain = count > 0 && decimals == 0 && (Text.At(ref f, p) != (byte)'0' || count == 1);
        p += count;
        return isPlain;
    }

    /// <summary>Reads a number in quotes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Number(ref byte f, ref nint p, nint length, out double value)
    {
        int count = DigitKernel.Read(ref f, p + 1, length, out long mantissa, out int decimals);
        bool isPlain = count > 0 && Text.At(ref f, p) == (byte)'"' && p + 1 + count < length
            && Text.At(ref f, p + 1 + count) == (byte)'"';
        value = mantissa / DigitKernel.Power(decimals);
        p += count + 2;
        return isPlain;
    }

    /// <summary>Reads a number in quotes that may be negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool SignedNumber(ref byte f, ref nint p, nint length, out double value)
    {
        if (p + 1 < length && Text.At(ref f, p + 1) == (byte)'-' && Text.At(ref f, p) == (byte)'"')
        {
            int count = DigitKernel.Read(ref f, p + 2, length, out long mantissa, out int decimals);
            bool isPlain = count > 0 && p + 2 + count < length && Text.At(ref f, p + 2 + count) == (byte)'"';
            value = -(mantissa / DigitKernel.Power(decimals));
            p += count + 3;
            return isPlain;
        }

        return Number(ref f, ref p, length, out value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Boolean(ref byte f, ref nint p, nint length, out bool value)
    {
        value = false;
        if (p + 6 > length)
        {
            return false;
        }

        uint head = Text.Load32(ref f, p);
        value = head == TrueWord;
        p += value ? 4 : 5;
        return value || (head == FalsWord && Text.At(ref f, p - 1) == (byte)'e');
    }

    private static readonly uint TrueWord = (uint)Text.Word("true");
    private static readonly uint FalsWord = (uint)Text.Word("fals");

    /// <summary>Skips a string in quotes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Skip(ref byte f, ref nint p, nint length)
    {
        int count = Text.At(ref f, p) == (byte)'"' ? Text.PlainLength(ref f, p + 1, length) : -1;
        p += count + 2;
        return count >= 0;
    }

    /// <summary>Reads a symbol; −1 when it is not watched. A string that is not plain is declined.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Symbol(ref byte f, ref nint p, nint length, SymbolTable symbols, out int index)
    {
        index = -1;
        int count = Text.At(ref f, p) == (byte)'"' ? Text.PlainLength(ref f, p + 1, length) : -1;
        if (count < 0)
        {
            return false;
        }

        index = symbols.Find(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref f, p + 1), count));
        p += count + 2;
        return true;
    }

    /// <summary>
    /// True when the message is of our market and its symbol is watched; otherwise the message says why it is ignored.
    /// Markets other than 1 and 2 were declined before.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Accept(
        ref DecodedMessage message, StreamKind stream, long market, SymbolTable symbols, int index)
    {
        message.Stream = stream;
        if (market == 1 && index >= 0)
        {
            message.SymbolIndex = index;
            message.Symbol = symbols[index];
            return true;
        }

        message.SymbolIndex = -1;
        message.Kind = DecodedKind.Ignored;
        message.Ignored = market == 1 ? IgnoreReason.UnknownSymbol : IgnoreReason.CoinMargined;
        return false;
    }

    /// <summary>Reads the market: 1 or 2; anything else is declined.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Market(ref byte f, ref nint p, nint length, out long market) =>
        Integer(ref f, ref p, length, out market) & (market is 1 or 2);
}
