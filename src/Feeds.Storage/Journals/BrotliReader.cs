using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Feeds.Storage.Journals;

/// <summary>
/// Gives back what was compressed with Brotli. What our writer makes, one prefix code a kind and no dictionary, is read here, in
/// about half of the library's time; everything else, damage too, is the library's. RFC 7932 has the form.
/// </summary>
internal sealed class BrotliReader
{
    // The commands before it have no distance of their own: the last one holds.
    private const int ImplicitCommands = 128;
    private const int Wide = 16;

    private readonly BrotliCode _literals = new(256);
    private readonly BrotliCode _commands = new(BrotliCommand.Count);

    // 16 + direct + 48 << postfix symbols; our writer has neither of the two.
    private readonly BrotliCode _distances = new(64);
    private byte[] _text = [];

    /// <summary>Fills the output. False when the text is damaged or of another length.</summary>
    public bool TryDecompress(ReadOnlySpan<byte> text, Span<byte> output) =>
        (BitConverter.IsLittleEndian && TryRead(text, output))
        || (BrotliDecoder.TryDecompress(text, output, out int written) && written == output.Length);

    /// <summary>The same, but false also for a text that our writer does not make.</summary>
    internal bool TryRead(ReadOnlySpan<byte> text, Span<byte> output)
    {
        if (_text.Length < text.Length + BrotliBits.Slack)
        {
            _text = new byte[Math.Max(2 * _text.Length, text.Length + BrotliBits.Slack)];
        }

        text.CopyTo(_text);
        BrotliBits bits = new(_text.AsSpan(0, text.Length + BrotliBits.Slack));
        int window = ReadWindow(ref bits);
        if (window == 0)
        {
            return false;
        }

        BrotliRing ring = new() { First = 4, Second = 11, Third = 15, Fourth = 16, Limit = (1 << window) - 16 };
        int position = 0;
        while (!bits.IsOver)
        {
            bool isLast = bits.FillAndTake(1) == 1;
            if (isLast && bits.FillAndTake(1) == 1)
            {
                return position == output.Length && bits.TryAlign() && bits.IsAtEnd;
            }

            int nibbles = bits.FillAndTake(2) + 4;
            int length = bits.FillAndTake(4 * Math.Min(nibbles, 6)) + 1;
            if (nibbles == 7 || length > output.Length - position || (nibbles > 4 && length <= 1 << (4 * (nibbles - 1))))
            {
                return false;
            }

            if (!isLast && bits.FillAndTake(1) == 1)
            {
                if (!bits.TryAlign() || !bits.TryCopy(output.Slice(position, length)))
                {
                    return false;
                }
            }
            else if (!TryReadBlock(ref bits, output, position, length, ref ring))
            {
                return false;
            }

            position += length;
            if (isLast)
            {
                return position == output.Length && bits.TryAlign() && bits.IsAtEnd;
            }
        }

        return false;
    }

    // 0 for a large window, which is not of the standard.
    private static int ReadWindow(ref BrotliBits bits)
    {
        if (bits.FillAndTake(1) == 0)
        {
            return 16;
        }

        int more = bits.FillAndTake(3);
        if (more > 0)
        {
            return 17 + more;
        }

        more = bits.FillAndTake(3);
        return more switch { 0 => 17, 1 => 0, _ => 8 + more };
    }

    private bool TryReadBlock(ref BrotliBits bits, Span<byte> output, int position, int length, ref BrotliRing ring)
    {
        // One type of each of three kinds, no postfix and no direct distances, any mode of contexts, as there is one tree of each.
        int head = bits.FillAndTake(13);
        return (head & 0b1_1001_1111_1111) == 0 && _literals.TryRead(ref bits) && _commands.TryRead(ref bits)
            && _distances.TryRead(ref bits) && TryReadCommands(ref bits, output, position, position + length, ref ring);
    }

    private bool TryReadCommands(ref BrotliBits source, Span<byte> output, int position, int end, ref BrotliRing ring)
    {
        uint[] commands = _commands.Table;
        uint[] literals = _literals.Table;
        uint[] distances = _distances.Table;
        BrotliBits bits = source;
        while (position < end)
        {
            bits.Fill();
            int symbol = BrotliCode.Next(commands, ref bits);
            BrotliCommand command = BrotliCommand.All[symbol];
            int insert = command.Insert + bits.Take(command.InsertBits);
            int copy = command.Copy + bits.FillAndTake(command.CopyBits);
            if (insert > end - position || bits.IsOver)
            {
                return false;
            }

            ReadLiterals(literals, ref bits, output.Slice(position, insert));
            position += insert;
            if (position == end)
            {
                break;
            }

            int distance = ring.First;
            if (symbol >= ImplicitCommands)
            {
                bits.Fill();
                distance = ring.Next(BrotliCode.Next(distances, ref bits), ref bits);
            }

            if (distance <= 0 || distance > position || distance > ring.Limit || copy > end - position)
            {
                return false;
            }

            Copy(output, position, distance, copy);
            position += copy;
        }

        source = bits;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ReadLiterals(uint[] literals, ref BrotliBits bits, Span<byte> output)
    {
        // Three of them have 45 bits at most, and 56 are there.
        ref byte next = ref MemoryMarshal.GetReference(output);
        int left = output.Length;
        for (; left >= 3; left -= 3)
        {
            bits.Fill();
            next = (byte)BrotliCode.Next(literals, ref bits);
            Unsafe.Add(ref next, 1) = (byte)BrotliCode.Next(literals, ref bits);
            Unsafe.Add(ref next, 2) = (byte)BrotliCode.Next(literals, ref bits);
            next = ref Unsafe.Add(ref next, 3);
        }

        bits.Fill();
        for (; left > 0; left--)
        {
            next = (byte)BrotliCode.Next(literals, ref bits);
            next = ref Unsafe.Add(ref next, 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(Span<byte> output, int position, int distance, int count)
    {
        if (distance >= Wide && position + count + Wide <= output.Length)
        {
            for (int done = 0; done < count; done += Wide)
            {
                output.Slice(position - distance + done, Wide).CopyTo(output.Slice(position + done, Wide));
            }

            return;
        }

        // What lies before repeats itself; each copy at least doubles it.
        for (int done = 0; done < count;)
        {
            int more = Math.Min(distance + done, count - done);
            output.Slice(position - distance, more).CopyTo(output[(position + done)..]);
            done += more;
        }
    }
}
