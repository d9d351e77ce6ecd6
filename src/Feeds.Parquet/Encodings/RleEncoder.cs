using Feeds.Parquet.Buffers;

namespace Feeds.Parquet.Encodings;

/// <summary>The hybrid of run lengths and packed bits that carries levels, dictionary codes and booleans.</summary>
internal static class RleEncoder
{
    // A run shorter than this costs less as packed bits, whose header it would break in two.
    private const int MinRun = 16;

    /// <summary>Appends <paramref name="values"/>, each of which fits into <paramref name="width"/> bits.</summary>
    public static void Encode(ReadOnlySpan<int> values, int width, ByteBuffer output)
    {
        var at = 0;
        while (at < values.Length)
        {
            var run = RunLength(values[at..]);
            if (run >= MinRun || at + run == values.Length)
            {
                WriteRun(values[at], run, width, output);
                at += run;
                continue;
            }

            var end = FindRun(values, at);
            WritePacked(values[at..end], width, output);
            at = end;
        }
    }

    public static void WriteRun(int value, int count, int width, ByteBuffer output)
    {
        output.WriteVarint((ulong)count << 1);
        for (var bits = 0; bits < width; bits += 8) output.WriteByte((byte)(value >> bits));
    }

    private static int RunLength(ReadOnlySpan<int> values)
    {
        var differs = values.IndexOfAnyExcept(values[0]);
        return differs < 0 ? values.Length : differs;
    }

    // The end of the packed part that starts here: a multiple of 8 values on, where a long run begins, or the end.
    private static int FindRun(ReadOnlySpan<int> values, int start)
    {
        for (var at = start + 8; at < values.Length; at += 8)
        {
            // Look only where two neighbours agree: most data has no runs.
            if (at + MinRun <= values.Length && values[at] == values[at + 1] && values[at] == values[at + MinRun - 1]
                && RunLength(values.Slice(at, MinRun)) == MinRun) return at;
        }

        return values.Length;
    }

    private static void WritePacked(ReadOnlySpan<int> values, int width, ByteBuffer output)
    {
        var groups = (values.Length + 7) / 8;
        output.WriteVarint(((ulong)groups << 1) | 1);
        var whole = values.Length & ~7;
        output.Advance(BitPacking.Pack(values[..whole], width, output.GetSpan((groups * width) + 8)));
        if (whole == values.Length) return;
        Span<int> last = stackalloc int[8];
        last.Clear();
        values[whole..].CopyTo(last);
        output.Advance(BitPacking.Pack(last, width, output.GetSpan(width + 8)));
    }
}
