using System.Buffers.Binary;

namespace Feeds.Tests.Parquet.Reading;

/// <summary>Damages files: the same seed damages the same way.</summary>
internal sealed class FileMutator(IReadOnlyList<byte[]> files, int seed)
{
    private static readonly int[] Interesting =
        [0, 1, -1, 2, 127, 128, 255, 256, 32767, 65535, int.MaxValue, int.MinValue, 1 << 20, 1 << 28];

    private readonly Random _random = new(seed);

    public byte[] Next()
    {
        var bytes = files[_random.Next(files.Count)];
        if (_random.Next(5) == 0) bytes = Reshape(bytes);
        bytes = [.. bytes];
        for (var i = 1 + _random.Next(3); i > 0 && bytes.Length > 8; i--) Poke(bytes);
        return bytes;
    }

    // A third of the damage goes to the footer and its length, where one byte changes most.
    private int Place(int length, int room)
    {
        var last = Math.Max(1, length - room);
        return _random.Next(3) > 0 ? _random.Next(last) : Math.Max(0, last - 1 - _random.Next(Math.Min(last, 2500)));
    }

    private void Poke(byte[] bytes)
    {
        switch (_random.Next(5))
        {
            case 0: bytes[Place(bytes.Length, 1)] ^= (byte)(1 << _random.Next(8)); break;
            case 1: bytes[Place(bytes.Length, 1)] = (byte)_random.Next(256); break;
            case 2: bytes[Place(bytes.Length, 1)] = (byte)Interesting[_random.Next(Interesting.Length)]; break;
            case 3:
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(Place(bytes.Length, 4)),
                    Interesting[_random.Next(Interesting.Length)]);
                break;
            default:
                // A variable-length number that is far too large.
                bytes.AsSpan(Place(bytes.Length, 5), 4).Fill(0xFF);
                break;
        }
    }

    private byte[] Reshape(byte[] bytes)
    {
        var from = _random.Next(bytes.Length);
        var count = Math.Min(_random.Next(1, 200), bytes.Length - from);
        switch (_random.Next(5))
        {
            case 0: return bytes[..from];
            case 1: return [.. bytes[..from], .. bytes[(from + count)..]];
            case 2: return [.. bytes[..from], .. bytes[from..(from + count)], .. bytes[from..]];
            case 3:
                // The end of one file on the begin of another.
                var other = files[_random.Next(files.Count)];
                return [.. bytes[..from], .. other[_random.Next(other.Length)..]];
            default:
                var noise = new byte[count];
                _random.NextBytes(noise);
                return [.. bytes[..from], .. noise, .. bytes[(from + count)..]];
        }
    }
}
