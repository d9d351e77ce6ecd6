using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Feeds.Parquet.Encodings;
using Feeds.Parquet.Format;

namespace Feeds.Parquet.Reading;

/// <summary>Decodes numbers of four or eight bytes.</summary>
internal sealed class NumberReader<T> : ValueReader<T>
    where T : unmanaged
{
    private ParquetEncoding _encoding;
    private DeltaDecoder _deltas;
    private int _count;
    private int _at;

    protected override T[] DecodeDictionary(ReadOnlySpan<byte> page, int count)
    {
        if (page.Length / Unsafe.SizeOf<T>() < count) throw new DamagedDataException("a dictionary ends early");
        return MemoryMarshal.Cast<byte, T>(page)[..count].ToArray();
    }

    protected override void Begin(ParquetEncoding encoding, int count)
    {
        _encoding = encoding;
        _at = 0;
        var whole = typeof(T) == typeof(int) || typeof(T) == typeof(long);
        switch (encoding)
        {
            case ParquetEncoding.Plain:
                _count = Data.Length / Unsafe.SizeOf<T>();
                break;
            case ParquetEncoding.ByteStreamSplit:
                if (Data.Length % Unsafe.SizeOf<T>() != 0)
                    throw new DamagedDataException("byte streams of unequal length");
                _count = Data.Length / Unsafe.SizeOf<T>();
                break;
            case ParquetEncoding.DeltaBinaryPacked when whole:
                // A page of nothing but missing values may leave out even the header.
                _deltas = Data.IsEmpty && count >= 0 ? default : new DeltaDecoder(Data.Span, 0);
                _count = _deltas.Count;
                break;
            default:
                throw Foreign(encoding);
        }
    }

    protected override void ReadValues(Span<T> values)
    {
        if (values.Length > _count - _at) throw new DamagedDataException("fewer values than the page states");
        switch (_encoding)
        {
            case ParquetEncoding.Plain:
                MemoryMarshal.Cast<byte, T>(Data.Span).Slice(_at, values.Length).CopyTo(values);
                break;
            case ParquetEncoding.ByteStreamSplit:
                ByteStreamSplit.Join(Data.Span, _count, Unsafe.SizeOf<T>(), _at, MemoryMarshal.AsBytes(values));
                break;
            default:
                ReadDeltas(values);
                break;
        }

        _at += values.Length;
    }

    private void ReadDeltas(Span<T> values)
    {
        if (typeof(T) == typeof(long))
        {
            _deltas.Read(Data.Span, MemoryMarshal.Cast<T, long>(values));
            return;
        }

        var ints = MemoryMarshal.Cast<T, int>(values);
        Span<long> wide = stackalloc long[256];
        while (ints.Length > 0)
        {
            var part = wide[..Math.Min(wide.Length, ints.Length)];
            _deltas.Read(Data.Span, part);
            // Differences wrap at 32 bits.
            for (var i = 0; i < part.Length; i++) ints[i] = unchecked((int)part[i]);
            ints = ints[part.Length..];
        }
    }
}
