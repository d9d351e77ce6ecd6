using System.Buffers.Binary;
using System.Text;
using Feeds.Parquet.Encodings;
using Feeds.Parquet.Format;

namespace Feeds.Parquet.Reading;

/// <summary>Decodes text. Bytes that are not UTF-8 are an error, never a replacement character.</summary>
internal sealed class TextValueReader : ValueReader<string?>
{
    private static readonly UTF8Encoding Strict = new(false, true);

    private ParquetEncoding _encoding;
    private DeltaDecoder _lengths;
    private DeltaDecoder _prefixes;
    private int _at;
    private byte[] _last = [];
    private int _lastLength;

    protected override string?[] DecodeDictionary(ReadOnlySpan<byte> page, int count)
    {
        if (count > page.Length / sizeof(int)) throw new DamagedDataException("a dictionary ends early");
        var dictionary = new string?[count];
        var at = 0;
        for (var i = 0; i < count; i++) dictionary[i] = NextPlain(page, ref at);
        return dictionary;
    }

    protected override void Begin(ParquetEncoding encoding, int count)
    {
        _encoding = encoding;
        _at = 0;
        _lastLength = 0;
        if (encoding == ParquetEncoding.Plain) return;
        if (encoding is not (ParquetEncoding.DeltaLengthByteArray or ParquetEncoding.DeltaByteArray))
            throw Foreign(encoding);
        _prefixes = default;
        _lengths = default;
        if (Data.IsEmpty) return;
        // The texts begin where the lengths end, so the lengths are walked over once to find out.
        var at = 0;
        if (encoding == ParquetEncoding.DeltaByteArray)
        {
            _prefixes = new DeltaDecoder(Data.Span, 0);
            at = EndOf(_prefixes);
        }

        _lengths = new DeltaDecoder(Data.Span, at);
        _at = EndOf(_lengths);
    }

    protected override void ReadValues(Span<string?> values)
    {
        var data = Data.Span;
        if (_encoding == ParquetEncoding.Plain)
        {
            foreach (ref var value in values) value = NextPlain(data, ref _at);
            return;
        }

        Span<long> lengths = stackalloc long[128];
        Span<long> prefixes = stackalloc long[128];
        while (values.Length > 0)
        {
            var n = Math.Min(lengths.Length, values.Length);
            _lengths.Read(data, lengths[..n]);
            if (_encoding == ParquetEncoding.DeltaByteArray) _prefixes.Read(data, prefixes[..n]);
            else prefixes.Clear();
            for (var i = 0; i < n; i++) values[i] = NextDelta(data, prefixes[i], lengths[i]);
            values = values[n..];
        }
    }

    private static string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new DamagedDataException("a text is not UTF-8");
        }
    }

    private static string NextPlain(ReadOnlySpan<byte> data, ref int at)
    {
        if (data.Length - at < sizeof(int)) throw new DamagedDataException("fewer texts than the page states");
        var length = BinaryPrimitives.ReadInt32LittleEndian(data[at..]);
        at += sizeof(int);
        if (length < 0 || length > data.Length - at) throw new DamagedDataException("a text is longer than its page");
        at += length;
        return Decode(data.Slice(at - length, length));
    }

    private int EndOf(DeltaDecoder decoder)
    {
        Span<long> some = stackalloc long[128];
        while (decoder.Left > 0) decoder.Read(Data.Span, some[..Math.Min(some.Length, decoder.Left)]);
        return decoder.Position;
    }

    private string NextDelta(ReadOnlySpan<byte> data, long prefix, long length)
    {
        if (prefix < 0 || prefix > _lastLength || length < 0 || length > data.Length - _at)
            throw new DamagedDataException("a text is longer than its page");
        var suffix = data.Slice(_at, (int)length);
        _at += (int)length;
        if (_encoding == ParquetEncoding.DeltaLengthByteArray) return Decode(suffix);
        var total = (int)prefix + (int)length;
        if (_last.Length < total) Array.Resize(ref _last, Math.Max(total, _last.Length * 2));
        suffix.CopyTo(_last.AsSpan((int)prefix));
        _lastLength = total;
        return Decode(_last.AsSpan(0, total));
    }
}
