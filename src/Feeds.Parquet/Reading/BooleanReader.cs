using System.Buffers.Binary;
using Feeds.Parquet.Encodings;
using Feeds.Parquet.Format;

namespace Feeds.Parquet.Reading;

/// <summary>Decodes booleans: bits, or runs of them.</summary>
internal sealed class BooleanReader : ValueReader<bool>
{
    private bool[] _flags = [];
    private int _count;
    private int _at;

    protected override bool[] DecodeDictionary(ReadOnlySpan<byte> page, int count) =>
        throw new DamagedDataException("a dictionary of booleans");

    protected override void Begin(ParquetEncoding encoding, int count)
    {
        _at = 0;
        switch (encoding)
        {
            case ParquetEncoding.Plain:
                _count = (int)Math.Min(count, Data.Length * 8L);
                Reserve(_count);
                FlagDecoder.UnpackBits(Data.Span, _flags.AsSpan(0, _count));
                break;
            case ParquetEncoding.Rle:
                _count = Data.Length < sizeof(int) ? 0 : count;
                if (_count == 0) break;
                var length = BinaryPrimitives.ReadInt32LittleEndian(Data.Span);
                if (length < 0 || length > Data.Length - sizeof(int))
                    throw new DamagedDataException("runs longer than their page");
                Reserve(_count);
                FlagDecoder.Read(Data.Span.Slice(sizeof(int), length), _flags.AsSpan(0, _count));
                break;
            default:
                throw Foreign(encoding);
        }
    }

    protected override void ReadValues(Span<bool> values)
    {
        if (values.Length > _count - _at) throw new DamagedDataException("fewer values than the page states");
        _flags.AsSpan(_at, values.Length).CopyTo(values);
        _at += values.Length;
    }

    private void Reserve(int count)
    {
        if (_flags.Length < count) _flags = new bool[count];
    }
}
