using System.IO.Compression;
using System.Text;
using Feeds.Storage.Journals;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Feeds.Tests.Storage.Journals;

public sealed class BrotliReaderTests
{
    private const int OursQuality = 1;

    [Fact]
    public void What_the_writer_compresses_is_read_without_the_library() =>
        Prop.ForAll<int>(seed =>
        {
            byte[] text = Any(new Random(seed));
            byte[] packed = Pack(text, OursQuality);
            byte[] read = new byte[text.Length];
            Assert.True(new BrotliReader().TryRead(packed, read));
            Assert.Equal(text, read);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(9)]
    public void What_anyone_compresses_is_read(int quality)
    {
        BrotliReader reader = new();
        for (int seed = 0; seed < 60; seed++)
        {
            byte[] text = Any(new Random(seed));
            byte[] read = new byte[text.Length];
            Assert.True(reader.TryDecompress(Pack(text, quality), read));
            Assert.Equal(text, read);
        }
    }

    [Fact]
    public void A_text_that_refers_to_the_dictionary_is_read_by_the_library()
    {
        byte[] text = Encoding.UTF8.GetBytes("the government of the United States of America, according to the Department of Health");
        byte[] packed = Pack(text, 11);
        byte[] read = new byte[text.Length];
        BrotliReader reader = new();
        Assert.False(reader.TryRead(packed, read));
        Assert.True(reader.TryDecompress(packed, read));
        Assert.Equal(text, read);
    }

    [Fact]
    public void Damage_is_read_as_the_library_reads_it()
    {
        Random random = new(7);
        BrotliReader reader = new();
        int refused = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] text = Any(random, 600);
            byte[] packed = Pack(text, OursQuality);
            byte[] bad = random.Next(4) == 0 ? packed[..random.Next(packed.Length)] : packed;
            for (int change = random.Next(1, 4); change > 0 && bad.Length > 0; change--)
            {
                // The head, where all the codes are, is hit as often as the rest.
                int at = random.Next(random.Next(2) == 0 ? Math.Min(bad.Length, 40) : bad.Length);
                bad[at] ^= (byte)(1 << random.Next(8));
            }

            byte[] ours = new byte[text.Length];
            byte[] theirs = new byte[text.Length];
            if (!reader.TryRead(bad, ours))
            {
                refused++;
                continue;
            }

            Assert.True(BrotliDecoder.TryDecompress(bad, theirs, out int written));
            Assert.Equal(theirs.Length, written);
            Assert.Equal(theirs, ours);
        }

        Assert.InRange(refused, 5_000, 19_900);
    }

    [Fact]
    public void Another_length_than_that_of_the_text_is_refused()
    {
        byte[] text = Any(new Random(3));
        byte[] packed = Pack(text, OursQuality);
        Assert.False(new BrotliReader().TryDecompress(packed, new byte[text.Length + 1]));
        Assert.False(new BrotliReader().TryDecompress(packed, new byte[text.Length - 1]));
        Assert.False(new BrotliReader().TryDecompress([], new byte[1]));
    }

    private static byte[] Pack(byte[] text, int quality)
    {
        byte[] room = new byte[BrotliEncoder.GetMaxCompressedLength(text.Length)];
        Assert.True(BrotliEncoder.TryCompress(text, room, out int length, quality, window: 18));
        return room[..length];
    }

    // Stretches of every kind: noise, few values, one value, repeats near and far, short decimals; and now and then several blocks of it.
    private static byte[] Any(Random random, int most = 40_000)
    {
        byte[] text = new byte[random.Next(8) switch { 0 => random.Next(4), 1 => most * (most > 1_000 ? 8 : 1), _ => random.Next(most) }];
        for (int at = 0; at < text.Length;)
        {
            Span<byte> stretch = text.AsSpan(at, Math.Min(text.Length - at, 1 + random.Next(random.Next(5) == 0 ? most : most / 20)));
            switch (random.Next(6))
            {
                case 0:
                    random.NextBytes(stretch);
                    break;
                case 1:
                    stretch.Fill((byte)random.Next(256));
                    break;
                case 2 when at > 0:
                    for (int i = 0, distance = 1 + random.Next(Math.Min(at, random.Next(2) == 0 ? 20 : at)); i < stretch.Length; i++)
                    {
                        text[at + i] = text[at + i - distance];
                    }

                    break;
                case 3:
                    for (int i = 0; i < stretch.Length; i++)
                    {
                        // Many short codes and some very long ones.
                        stretch[i] = (byte)(255 * Math.Pow(random.NextDouble(), 12));
                    }

                    break;
                case 4:
                    string decimals = string.Concat(Enumerable.Range(0, stretch.Length).Select(_ => $"{random.Next(1_000) / 10.0}"));
                    Encoding.ASCII.GetBytes(decimals.AsSpan(0, stretch.Length), stretch);
                    break;
                default:
                    for (int i = 0; i < stretch.Length; i++)
                    {
                        stretch[i] = (byte)random.Next(1 + random.Next(20));
                    }

                    break;
            }

            at += stretch.Length;
        }

        return text;
    }
}
