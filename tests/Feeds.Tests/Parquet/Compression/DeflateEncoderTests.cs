using System.IO.Compression;
using Feeds.Parquet.Compression;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Feeds.Tests.Parquet.Compression;

public sealed class DeflateEncoderTests
{
    private static readonly DeflateEncoder Encoder = new();

    [Fact]
    public void Any_bytes_come_back_from_the_framework()
    {
        var inputs =
            from seed in Gen.Choose(0, int.MaxValue - 1)
            from length in Gen.Frequency((3, Gen.Choose(0, 300)), (1, Gen.Choose(300, 300_000)))
            from alphabet in Gen.Elements(1, 2, 4, 30, 200, 256)
            from period in Gen.Choose(1, 40_000)
            from repeat in Gen.Elements(1, 2, 8, 1000)
            from stream in Gen.Elements(0, 1, 511, 512, 5000, 70_000)
            select (Bytes: Make(seed, length, alphabet, period, repeat), stream);
        Prop.ForAll(inputs.ToArbitrary(), input => Check(input.Bytes, input.stream)).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void One_encoder_serves_many_pages()
    {
        for (var i = 0; i < 300; i++) Check(Make(i, 5000, 1 + (i % 60), 1 + i, 6), 0);
    }

    [Fact]
    public void Noise_is_stored_and_repetition_is_not()
    {
        var noise = new byte[160_000];
        new Random(1).NextBytes(noise);
        Assert.InRange(Compress(noise, 20_000).Length, noise.Length, noise.Length + 100);
        Assert.InRange(Compress(new byte[160_000], 0).Length, 20, 1000);
    }

    [Fact]
    public void Rare_symbols_get_words_of_at_most_fifteen_bits()
    {
        // Frequencies like Fibonacci's numbers make the deepest tree there is.
        var bytes = new List<byte>();
        int a = 1, b = 1;
        for (byte symbol = 0; symbol < 24; symbol++)
        {
            bytes.AddRange(Enumerable.Repeat(symbol, a));
            (a, b) = (b, a + b);
        }

        var shuffled = bytes.ToArray();
        new Random(2).Shuffle(shuffled);
        Check(shuffled, 0);
    }

    private static void Check(byte[] input, int stream)
    {
        using var gzip = new GZipStream(new MemoryStream(Compress(input, stream)), CompressionMode.Decompress);
        using var output = new MemoryStream();
        gzip.CopyTo(output);
        Assert.True(input.AsSpan().SequenceEqual(output.ToArray()));
    }

    private static byte[] Compress(byte[] input, int stream)
    {
        var output = new byte[DeflateEncoder.MaxCompressedLength(input.Length, stream)];
        lock (Encoder) return output[..Encoder.Compress(input, stream, output)];
    }

    private static byte[] Make(int seed, int length, int alphabet, int period, int repeat)
    {
        var random = new Random(seed);
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
            bytes[i] = i >= period && random.Next(repeat) > 0 ? bytes[i - period] : (byte)random.Next(alphabet);
        return bytes;
    }
}
