using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Feeds.Parquet.Encodings;
using Feeds.Parquet.Format;

namespace Feeds.Parquet.Reading;

/// <summary>Decodes the values of one column's pages, missing ones left out. What a dictionary holds is decoded
/// once.</summary>
internal abstract class ValueReader<T>
{
    private const int Batch = 1024;

    private T[]? _dictionary;
    private RleDecoder _codes;
    private bool _coded;

    /// <summary>The values of the current page, encoded.</summary>
    protected ReadOnlyMemory<byte> Data { get; private set; }

    public void LoadDictionary(ReadOnlySpan<byte> page, int count)
    {
        if (_dictionary is not null) throw new DamagedDataException("a second dictionary");
        // Every value takes room in the page (booleans have no dictionaries), so the count is bounded by it.
        if (count < 0 || count > page.Length)
            throw new DamagedDataException($"a dictionary of {count} values in {page.Length} bytes");
        _dictionary = DecodeDictionary(page, count);
    }

    /// <summary>Begins a page of at most <paramref name="count"/> values.</summary>
    public void BeginPage(ParquetEncoding encoding, ReadOnlyMemory<byte> data, int count)
    {
        _coded = encoding is ParquetEncoding.RleDictionary or ParquetEncoding.PlainDictionary;
        Data = data;
        if (!_coded)
        {
            Begin(encoding, count);
            return;
        }

        if (_dictionary is null) throw new DamagedDataException("a page needs a dictionary that is not there");
        if (data.IsEmpty)
        {
            // A page of nothing but missing values may leave out even the width.
            _codes = new RleDecoder(0);
            return;
        }

        _codes = new RleDecoder(data.Span[0]);
        Data = data[1..];
    }

    /// <summary>Fills <paramref name="values"/>; the page must hold as many.</summary>
    public void Read(Span<T> values)
    {
        if (_coded) ReadCoded(values);
        else ReadValues(values);
    }

    /// <summary>Passes over values of the page.</summary>
    public void Skip(int count, Span<T> scratch)
    {
        while (count > 0)
        {
            var n = Math.Min(count, scratch.Length);
            Read(scratch[..n]);
            count -= n;
        }
    }

    protected abstract T[] DecodeDictionary(ReadOnlySpan<byte> page, int count);

    protected abstract void Begin(ParquetEncoding encoding, int count);

    protected abstract void ReadValues(Span<T> values);

    protected static DamagedDataException Foreign(ParquetEncoding encoding) =>
        new($"encoding {encoding} does not fit the column's type, or is none that this library reads");

    private void ReadCoded(Span<T> values)
    {
        var dictionary = _dictionary.AsSpan();
        var input = Data.Span;
        Span<int> codes = stackalloc int[Batch];
        while (values.Length > 0)
        {
            var run = _codes.PeekRun(input, out var value);
            if (run > 0)
            {
                if ((uint)value >= (uint)dictionary.Length) throw BadCode();
                run = Math.Min(run, values.Length);
                values[..run].Fill(dictionary[value]);
                _codes.SkipRun(run);
                values = values[run..];
                continue;
            }

            var n = Math.Min(Math.Min(Batch, _codes.PackedLeft), values.Length);
            var some = codes[..n];
            _codes.Read(input, some);
            var max = 0u;
            foreach (var code in some) max = Math.Max(max, (uint)code);
            if (max >= (uint)dictionary.Length) throw BadCode();
            ref var first = ref MemoryMarshal.GetReference(dictionary);
            for (var i = 0; i < some.Length; i++) values[i] = Unsafe.Add(ref first, some[i]);
            values = values[n..];
        }
    }

    private static DamagedDataException BadCode() => new("a code points past the end of its dictionary");
}
