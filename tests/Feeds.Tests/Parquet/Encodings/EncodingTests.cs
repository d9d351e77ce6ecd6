using Feeds.Parquet;
using Feeds.Parquet.Buffers;
using Feeds.Parquet.Encodings;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Feeds.Tests.Parquet.Encodings;

public sealed class EncodingTests
{
    [Fact]
    public void Packed_bits_of_any_width_come_back()
    {
        var random = new Random(1);
        for (var width = 0; width <= 32; width++)
        {
            var values = new int[200];
            for (var i = 0; i < values.Length; i++)
                values[i] = width == 0 ? 0 : (int)(uint)random.NextInt64(1L << width);
            var packed = new byte[(values.Length * width / 8) + 8];
            Assert.Equal(values.Length * width / 8, BitPacking.Pack(values, width, packed));
            var back = new int[values.Length];
            // Once with nothing behind the last byte, once with room.
            BitPacking.Unpack(packed.AsSpan(0, values.Length * width / 8), width, back);
            Assert.Equal(values, back);
            BitPacking.Unpack(packed, width, back);
            Assert.Equal(values, back);
        }
    }

    [Fact]
    public void Packed_bits_of_any_large_width_come_back()
    {
        var random = new Random(2);
        for (var width = 0; width <= 64; width++)
        {
            var values = new ulong[96];
            for (var i = 0; i < values.Length; i++)
                values[i] = width == 0 ? 0 : (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> (64 - width);
            var packed = new byte[(values.Length * width / 8) + 8];
            Assert.Equal(values.Length * width / 8, BitPacking.Pack(values, width, packed));
            var back = new ulong[values.Length];
            BitPacking.Unpack(packed.AsSpan(0, values.Length * width / 8), width, back);
            Assert.Equal(values, back);
        }
    }

    [Fact]
    public void Packed_bits_follow_the_example_of_the_format()
    {
        // The numbers 0 to 7 in three bits each, as the format's document prints them.
        var packed = new byte[11];
        BitPacking.Pack([0, 1, 2, 3, 4, 5, 6, 7], 3, packed);
        Assert.Equal([0b10001000, 0b11000110, 0b11111010], packed[..3]);
    }

    [Fact]
    public void Runs_and_packed_bits_come_back_in_pieces_of_any_size()
    {
        var cases =
            from seed in Gen.Choose(0, int.MaxValue - 1)
            from length in Gen.Choose(0, 3000)
            from width in Gen.Choose(0, 20)
            from repeat in Gen.Choose(1, 60)
            select (seed, length, width, repeat);
        Prop.ForAll(cases.ToArbitrary(), c =>
            CheckRuns(c.seed, c.length, c.width, c.repeat)).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Long_runs_take_a_few_bytes()
    {
        using var output = new ByteBuffer();
        var values = new int[10_000];
        values.AsSpan(5000).Fill(3);
        RleEncoder.Encode(values, 2, output);
        Assert.InRange(output.Count, 4, 8);
    }

    [Fact]
    public void Flags_come_back_whatever_their_pattern()
    {
        var cases =
            from seed in Gen.Choose(0, int.MaxValue - 1)
            from length in Gen.Choose(1, 3000)
            from stretch in Gen.Elements(1, 3, 40, 200, 5000)
            select (seed, length, stretch);
        Prop.ForAll(cases.ToArbitrary(), c => CheckFlags(c.seed, c.length, c.stretch)).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Deltas_come_back_in_pieces_of_any_size()
    {
        var cases =
            from seed in Gen.Choose(0, int.MaxValue - 1)
            from length in Gen.Choose(0, 1000)
            from bits in Gen.Choose(1, 64)
            select (seed, length, bits);
        Prop.ForAll(cases.ToArbitrary(), c => CheckDeltas(c.seed, c.length, c.bits)).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Deltas_of_a_steady_clock_take_next_to_nothing()
    {
        var times = Enumerable.Range(0, 100_000).Select(i => 1_700_000_000_000 + (i * 60_000L)).ToArray();
        using var output = new ByteBuffer();
        DeltaEncoder.Encode(times, output);
        Assert.InRange(output.Count, 1000, 8000);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(5)]
    public void Byte_streams_agree_with_their_definition_and_come_back(int width)
    {
        var random = new Random(width);
        foreach (var count in new[] { 0, 1, 7, 63, 64, 65, 200, 1000 })
        {
            var input = new byte[count * width];
            random.NextBytes(input);
            var split = new byte[input.Length];
            ByteStreamSplit.Split(input, width, split);
            for (var i = 0; i < input.Length; i++) Assert.Equal(input[i], split[((i % width) * count) + (i / width)]);
            foreach (var first in new[] { 0, 1, count / 3, count })
            {
                if (first > count) continue;
                var joined = new byte[(count - first) * width];
                ByteStreamSplit.Join(split, count, width, first, joined);
                Assert.Equal(input[(first * width)..], joined);
            }
        }
    }

    [Fact]
    public void A_range_leaves_NaN_out_and_spreads_zeros()
    {
        Assert.True(ValueRange.TryFind([double.NaN, 3, -2, double.NaN, 7, 1, 1, 1, 1, 1, 1], out var min, out var max));
        Assert.Equal((-2, 7), (min, max));
        Assert.False(ValueRange.TryFind([double.NaN, double.NaN], out _, out double _));
        Assert.False(ValueRange.TryFind<long>([], out _, out _));
        Assert.True(ValueRange.TryFind([0.0, 0.0], out min, out max));
        Assert.True(double.IsNegative(min));
        Assert.False(double.IsNegative(max));
        Assert.True(ValueRange.TryFind([double.PositiveInfinity, double.PositiveInfinity], out min, out max));
        Assert.Equal(double.PositiveInfinity, min);
        Assert.True(ValueRange.TryFind([long.MaxValue, long.MinValue], out var low, out var high));
        Assert.Equal((long.MinValue, long.MaxValue), (low, high));
    }

    [Fact]
    public void A_dictionary_tells_bits_apart_and_stops_at_its_limit()
    {
        using var dictionary = new DictionaryBuilder<double>();
        var codes = new int[5];
        Assert.True(dictionary.TryBuild([0.0, -0.0, double.NaN, 0.0, double.NaN], 3, codes));
        Assert.Equal([0, 1, 2, 0, 2], codes);
        Assert.Equal(3, dictionary.Count);
        Assert.False(dictionary.TryBuild([1, 2, 3, 4], 3, codes));
    }

    private static void CheckRuns(int seed, int length, int width, int repeat)
    {
        var random = new Random(seed);
        var values = new int[length];
        for (var i = 0; i < length; i++)
            values[i] = i > 0 && random.Next(repeat) > 0 ? values[i - 1] : random.Next(1 << width);
        using var output = new ByteBuffer();
        RleEncoder.Encode(values, width, output);
        var decoder = new RleDecoder(width);
        var back = new int[length];
        for (var at = 0; at < length;)
        {
            var n = Math.Min(random.Next(1, 40), length - at);
            decoder.Read(output.Written, back.AsSpan(at, n));
            at += n;
        }

        Assert.Equal(values, back);
    }

    private static void CheckFlags(int seed, int length, int stretch)
    {
        var random = new Random(seed);
        var flags = new bool[length];
        for (var i = 0; i < length; i++)
            flags[i] = i > 0 && random.Next(stretch) > 0 ? flags[i - 1] : random.Next(2) == 0;
        using var output = new ByteBuffer();
        LevelEncoder.Encode(flags, output);
        var back = new bool[length];
        Assert.Equal(!flags.Contains(false), FlagDecoder.Read(output.Written, back));
        Assert.Equal(flags, back);
        Assert.Equal(!flags.Contains(false), FlagDecoder.IsAllThere(output.Written, length));
    }

    private static void CheckDeltas(int seed, int length, int bits)
    {
        var random = new Random(seed);
        var values = new long[length];
        for (var i = 0; i < length; i++) values[i] = random.NextInt64(long.MinValue, long.MaxValue) >> (64 - bits);
        using var output = new ByteBuffer();
        DeltaEncoder.Encode(values, output);
        output.WriteByte(77);
        var decoder = new DeltaDecoder(output.Written, 0);
        Assert.Equal(length, decoder.Count);
        var back = new long[length];
        for (var at = 0; at < length;)
        {
            var n = Math.Min(random.Next(1, 70), length - at);
            decoder.Read(output.Written, back.AsSpan(at, n));
            at += n;
        }

        Assert.Equal(values, back);
        if (length > 0) Assert.Equal(output.Count - 1, decoder.Position);
        var buffer = new long[1];
        if (length > 0) Assert.Throws<DamagedDataException>(() => ReadOneMore(decoder, output, buffer));
    }

    private static void ReadOneMore(DeltaDecoder decoder, ByteBuffer output, long[] buffer) =>
        decoder.Read(output.Written, buffer);
}
