namespace Feeds.Storage.Journals;

/// <summary>The lengths of a prefix code's symbols as Brotli writes them: with a prefix code of their own (RFC 7932, section 3.5).</summary>
internal static class BrotliLengths
{
    private const int CodeLengthSymbols = 18;

    /// <summary>Reads the lengths. False when they make no full code.</summary>
    /// <param name="bits">What is read.</param>
    /// <param name="skip">How many lengths of the code of lengths are left out, 0, 2 or 3.</param>
    /// <param name="lengths">All 0; the length of each symbol.</param>
    public static bool TryRead(ref BrotliBits bits, int skip, Span<byte> lengths)
    {
        Span<byte> table = stackalloc byte[32];
        if (!TryReadCodeLengths(ref bits, skip, table))
        {
            return false;
        }

        int space = 1 << BrotliCode.MaxLength;
        int previous = 8;
        int repeat = 0;
        int repeated = 0;
        int symbol = 0;
        while (symbol < lengths.Length && space > 0)
        {
            bits.Fill();
            int entry = table[(int)(bits.Bits & 31)];
            bits.Skip(entry >> 5);
            int length = entry & 31;
            if (length <= BrotliCode.MaxLength)
            {
                repeat = 0;
                lengths[symbol++] = (byte)length;
                if (length > 0)
                {
                    previous = length;
                    space -= (1 << BrotliCode.MaxLength) >> length;
                }

                continue;
            }

            // 16 repeats the length before with two bits of count, 17 zero with three; one after another multiply.
            int extra = length - 14;
            int what = length == 16 ? previous : 0;
            if (repeated != what)
            {
                repeat = 0;
                repeated = what;
            }

            int before = repeat;
            repeat = (repeat > 0 ? (repeat - 2) << extra : 0) + bits.Take(extra) + 3;
            int more = repeat - before;
            if (more > lengths.Length - symbol)
            {
                return false;
            }

            lengths.Slice(symbol, more).Fill((byte)what);
            symbol += more;
            space -= what > 0 ? more << (BrotliCode.MaxLength - what) : 0;
        }

        return space == 0;
    }

    // Each entry: how many bits, and in the low five the symbol.
    private static bool TryReadCodeLengths(ref BrotliBits bits, int skip, scoped Span<byte> table)
    {
        ReadOnlySpan<byte> order = [1, 2, 3, 4, 0, 5, 17, 6, 16, 7, 8, 9, 10, 11, 12, 13, 14, 15];
        ReadOnlySpan<byte> lengthOf = [2, 2, 2, 3, 2, 2, 2, 4, 2, 2, 2, 3, 2, 2, 2, 4];
        ReadOnlySpan<byte> valueOf = [0, 4, 3, 2, 0, 4, 3, 1, 0, 4, 3, 2, 0, 4, 3, 5];
        Span<byte> lengths = stackalloc byte[CodeLengthSymbols];
        lengths.Clear();
        int space = 32;
        int used = 0;
        int last = 0;
        for (int i = skip; i < CodeLengthSymbols && space > 0; i++)
        {
            bits.Fill();
            int peek = (int)(bits.Bits & 15);
            bits.Skip(lengthOf[peek]);
            byte length = valueOf[peek];
            lengths[order[i]] = length;
            if (length > 0)
            {
                space -= 32 >> length;
                used++;
                last = order[i];
            }
        }

        if (used == 1)
        {
            table.Fill((byte)last);
            return true;
        }

        if (space != 0)
        {
            return false;
        }

        int code = 0;
        for (int length = 1; length <= 5; length++, code <<= 1)
        {
            for (int symbol = 0; symbol < CodeLengthSymbols; symbol++)
            {
                if (lengths[symbol] == length)
                {
                    for (int at = BrotliCode.Reverse(code++, length); at < 32; at += 1 << length)
                    {
                        table[at] = (byte)((length << 5) | symbol);
                    }
                }
            }
        }

        return true;
    }
}
