using Feeds.Parquet;
using Feeds.Parquet.Compression;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Feeds.Tests.Parquet.Compression;

public sealed class SnappyTests
{
    [Fact]
    public void Any_bytes_come_back()
    {
        var inputs =
            from seed in Gen.Choose(0, int.MaxValue - 1)
            from length in Gen.Frequency((3, Gen.Choose(0, 300)), (1, Gen.Choose(300, 200_000)))
            from alphabet in Gen.Elements(1, 2, 4, 30, 256)
            from period in Gen.Choose(1, 100)
            select Make(seed, length, alphabet, period);
        Prop.ForAll(inputs.ToArbitrary(), input => Assert.Equal(input, RoundTrip(input))).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Repeated_bytes_become_few()
    {
        var input = new byte[100_000];
        var output = new byte[Snappy.MaxCompressedLength(input.Length)];
        Assert.InRange(Snappy.Compress(input, output), 1, 6000);
    }

    [Fact]
    public void The_example_of_the_format_is_read()
    {
        // Written by hand from the description: length 12, literal "abcd", copy of 8 from 4 back.
        byte[] input = [12, (4 - 1) << 2, (byte)'a', (byte)'b', (byte)'c', (byte)'d', 1 | (4 << 2), 4];
        var output = new byte[12];
        Snappy.Decompress(input, output);
        Assert.Equal("abcdabcdabcd"u8.ToArray(), output);
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF })]
    [InlineData(new byte[] { 12 })]
    [InlineData(new byte[] { 12, 0 })]
    [InlineData(new byte[] { 12, 0, 97, 1, 2 })]
    [InlineData(new byte[] { 12, 0, 97, 1, 0 })]
    [InlineData(new byte[] { 12, 252, 255, 255, 255, 255 })]
    [InlineData(new byte[] { 12, 60, 1, 2 })]
    [InlineData(new byte[] { 11, 0, 97, 41, 1 })]
    public void Damaged_bytes_are_refused(byte[] input) =>
        Assert.Throws<DamagedDataException>(() => Snappy.Decompress(input, new byte[12]));

    private static byte[] Make(int seed, int length, int alphabet, int period)
    {
        var random = new Random(seed);
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
            bytes[i] = i >= period && random.Next(8) > 0 ? bytes[i - period] : (byte)random.Next(alphabet);
        return bytes;
    }

    private static byte[] RoundTrip(byte[] input)
    {
        var compressed = new byte[Snappy.MaxCompressedLength(input.Length)];
        var n = Snappy.Compress(input, compressed);
        var output = new byte[input.Length];
        Snappy.Decompress(compressed.AsSpan(0, n), output);
        return output;
    }
}
