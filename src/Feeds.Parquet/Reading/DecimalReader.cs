using Feeds.Parquet.Encodings;
using Feeds.Parquet.Format;
using Feeds.Parquet.Schema;

namespace Feeds.Parquet.Reading;

/// <summary>Decodes decimals, stored as numbers or as big-endian bytes, fixed or with a length of their own.</summary>
internal sealed class DecimalReader : ValueReader<decimal>
{
    private readonly ColumnType _type;
    private readonly ValueReader<int>? _ints;
    private readonly ValueReader<long>? _longs;
    private byte[] _joined = [];
    private ParquetEncoding _encoding;
    private int _at;

    public DecimalReader(ColumnType type)
    {
        _type = type;
        if (type.Physical == PhysicalType.Int32) _ints = new NumberReader<int>();
        else if (type.Physical == PhysicalType.Int64) _longs = new NumberReader<long>();
        else if (type.Physical == PhysicalType.FixedLenByteArray && type.Length is < 1 or > 16)
            throw new DamagedDataException($"decimals of {type.Length} bytes; 1 to 16 are read");
    }

    /// <summary>A number of last digits as a decimal.</summary>
    public static decimal ToDecimal(Int128 units, int scale)
    {
        var negative = units < 0;
        var magnitude = (UInt128)(negative ? -units : units);
        // System.Decimal has 96 bits and 28 places; zeros at the end can make room, digits that count cannot go.
        while (scale > 28 || magnitude >> 96 != 0)
        {
            if (scale == 0 || magnitude % 10 != 0)
                throw new DamagedDataException("a decimal of more digits than System.Decimal holds");
            magnitude /= 10;
            scale--;
        }

        return new decimal((int)(uint)magnitude, (int)(uint)(magnitude >> 32), (int)(uint)(magnitude >> 64), negative,
            (byte)scale);
    }

    protected override decimal[] DecodeDictionary(ReadOnlySpan<byte> page, int count)
    {
        var dictionary = new decimal[count];
        var at = 0;
        for (var i = 0; i < count; i++) dictionary[i] = Next(page, ref at);
        return dictionary;
    }

    protected override void Begin(ParquetEncoding encoding, int count)
    {
        _encoding = encoding;
        _at = 0;
        if (_ints is not null) _ints.BeginPage(encoding, Data, count);
        else if (_longs is not null) _longs.BeginPage(encoding, Data, count);
        else if (encoding == ParquetEncoding.ByteStreamSplit && _type.Physical == PhysicalType.FixedLenByteArray)
            Join();
        else if (encoding != ParquetEncoding.Plain) throw Foreign(encoding);
    }

    protected override void ReadValues(Span<decimal> values)
    {
        if (_ints is not null)
        {
            ReadNumbers(_ints, values);
        }
        else if (_longs is not null)
        {
            ReadNumbers(_longs, values);
        }
        else
        {
            var data = _encoding == ParquetEncoding.Plain ? Data.Span : _joined.AsSpan(0, Data.Length);
            foreach (ref var value in values) value = Next(data, ref _at);
        }
    }

    private void ReadNumbers<TNumber>(ValueReader<TNumber> reader, Span<decimal> values)
        where TNumber : unmanaged
    {
        Span<TNumber> numbers = stackalloc TNumber[256];
        while (values.Length > 0)
        {
            var part = numbers[..Math.Min(numbers.Length, values.Length)];
            reader.Read(part);
            for (var i = 0; i < part.Length; i++)
                values[i] = ToDecimal(typeof(TNumber) == typeof(int)
                    ? (int)(object)part[i]
                    : (long)(object)part[i], _type.Scale);
            values = values[part.Length..];
        }
    }

    private decimal Next(ReadOnlySpan<byte> data, ref int at)
    {
        var left = data.Length - at;
        switch (_type.Physical)
        {
            case PhysicalType.Int32 when left >= 4:
                at += 4;
                return ToDecimal(BitConverter.ToInt32(data[(at - 4)..]), _type.Scale);
            case PhysicalType.Int64 when left >= 8:
                at += 8;
                return ToDecimal(BitConverter.ToInt64(data[(at - 8)..]), _type.Scale);
            case PhysicalType.FixedLenByteArray when left >= _type.Length:
                at += _type.Length;
                return ToDecimal(ValueOrder.BigEndian(data.Slice(at - _type.Length, _type.Length)), _type.Scale);
            case PhysicalType.ByteArray when left >= 4:
                var length = BitConverter.ToInt32(data[at..]);
                if (length < 0 || length > left - 4) break;
                at += 4 + length;
                return ToDecimal(ValueOrder.BigEndian(data.Slice(at - length, length)), _type.Scale);
        }

        throw new DamagedDataException("fewer values than the page states");
    }

    private void Join()
    {
        if (Data.Length % _type.Length != 0) throw new DamagedDataException("byte streams of unequal length");
        if (_joined.Length < Data.Length) _joined = new byte[Data.Length];
        ByteStreamSplit.Join(Data.Span, Data.Length / _type.Length, _type.Length, 0, _joined.AsSpan(0, Data.Length));
    }
}
