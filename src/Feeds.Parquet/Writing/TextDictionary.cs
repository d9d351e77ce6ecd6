using System.Text;
using Feeds.Parquet.Buffers;
using Feeds.Parquet.Encodings;
using Feeds.Parquet.Schema;

namespace Feeds.Parquet.Writing;

/// <summary>The distinct texts of a chunk as UTF-8, numbered in order of first appearance.</summary>
internal sealed class TextDictionary
{
    private static readonly UTF8Encoding Strict = new(false, true);

    private readonly List<byte[]> _texts = [];
    private bool[] _valid = [];

    public int Count => _texts.Count;

    /// <summary>Numbers the texts of a column; null becomes −1.</summary>
    public static TextDictionary FromTexts(ReadOnlySpan<string?> values, Span<int> codes)
    {
        var result = new TextDictionary();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] is not { } text) codes[i] = -1;
            else if (i > 0 && ReferenceEquals(text, values[i - 1])) codes[i] = codes[i - 1];
            else if (!seen.TryGetValue(text, out codes[i])) seen.Add(text, codes[i] = result.Add(text));
        }

        return result;
    }

    /// <summary>Takes codes into a list of texts; entries without use are left out, equal ones become one.</summary>
    public static TextDictionary FromCodes(ReadOnlySpan<int> values, IReadOnlyList<string> texts, Span<int> codes)
    {
        var result = new TextDictionary();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var map = new int[texts.Count];
        map.AsSpan().Fill(-1);
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            if (value < 0)
            {
                codes[i] = -1;
                continue;
            }

            if (value >= map.Length)
                throw new ArgumentException($"Row {i}: code {value}, but there are {map.Length} texts.");
            if (map[value] < 0)
            {
                if (!seen.TryGetValue(texts[value], out var code))
                    seen.Add(texts[value], code = result.Add(texts[value]));
                map[value] = code;
            }

            codes[i] = map[value];
        }

        return result;
    }

    /// <summary>Flags of the codes that are not negative; empty when all are.</summary>
    public ReadOnlySpan<bool> MarkMissing(ReadOnlySpan<int> codes)
    {
        if (codes.IndexOf(-1) < 0) return default;
        _valid = new bool[codes.Length];
        for (var i = 0; i < codes.Length; i++) _valid[i] = codes[i] >= 0;
        return _valid;
    }

    /// <summary>A dictionary where it saves a tenth, else plain texts.</summary>
    public ColumnEncoding ChooseEncoding(ReadOnlySpan<int> codes)
    {
        long distinct = 0;
        foreach (var text in _texts) distinct += text.Length + sizeof(int);
        long plain = 0;
        foreach (var code in codes) plain += _texts[code].Length + sizeof(int);
        var packed = distinct + ((long)codes.Length * BitPacking.WidthOf((uint)Math.Max(0, Count - 1)) / 8);
        return packed < plain * 0.9 && distinct < 16 << 20 ? ColumnEncoding.Dictionary : ColumnEncoding.Plain;
    }

    public int MeanBytes(ReadOnlySpan<int> codes)
    {
        long bytes = 0;
        foreach (var code in codes) bytes += _texts[code].Length + sizeof(int);
        return (int)Math.Min(int.MaxValue, bytes / Math.Max(1, codes.Length));
    }

    /// <summary>Appends every distinct text, plain: the dictionary page.</summary>
    public void EncodeAll(ByteBuffer output)
    {
        foreach (var text in _texts) WritePlain(text, output);
    }

    public void Encode(ColumnEncoding encoding, ReadOnlySpan<int> codes, ByteBuffer output)
    {
        if (encoding == ColumnEncoding.Plain)
        {
            foreach (var code in codes) WritePlain(_texts[code], output);
            return;
        }

        var lengths = new int[codes.Length];
        for (var i = 0; i < codes.Length; i++) lengths[i] = _texts[codes[i]].Length;
        DeltaEncoder.Encode(lengths.AsSpan(), output);
        foreach (var code in codes) output.Write(_texts[code]);
    }

    public bool TryFindRange(ReadOnlySpan<int> codes, out byte[]? min, out byte[]? max)
    {
        min = max = null;
        var last = -1;
        foreach (var code in codes)
        {
            if (code == last) continue;
            last = code;
            var text = _texts[code];
            if (min is null || text.AsSpan().SequenceCompareTo(min) < 0) min = text;
            if (max is null || text.AsSpan().SequenceCompareTo(max) > 0) max = text;
        }

        return min is not null;
    }

    private static void WritePlain(byte[] text, ByteBuffer output)
    {
        output.WriteInt32(text.Length);
        output.Write(text);
    }

    private int Add(string text)
    {
        try
        {
            _texts.Add(Strict.GetBytes(text));
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException("A text with half a surrogate pair has no UTF-8 form.", e);
        }

        return _texts.Count - 1;
    }
}
