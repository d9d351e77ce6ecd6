using System.Numerics;
using Feeds.Storage.Journals;
using Xunit;

namespace Feeds.Tests.Storage.Journals;

public sealed class ChecksumTests
{
    // Vectors of RFC 3720, B.4.
    [Fact]
    public void Known_texts_have_their_known_checksums()
    {
        Assert.Equal(0xE3069283u, Checksum.Of("123456789"u8));
        Assert.Equal(0x8A9136AAu, Checksum.Of(new byte[32]));
        byte[] ones = new byte[32];
        ones.AsSpan().Fill(0xFF);
        Assert.Equal(0x62A8AB43u, Checksum.Of(ones));
    }

    [Fact]
    public void Whatever_the_length_it_is_that_of_the_bytes_one_by_one()
    {
        byte[] bytes = new byte[20_000];
        new Random(3).NextBytes(bytes);
        foreach (int length in new[] { 0, 1, 7, 8, 9, 2_047, 6_143, 6_144, 6_145, 6_151, 12_287, 12_288, 12_295, 18_432,
            20_000 })
        {
            for (int start = 0; start <= Math.Min(9, bytes.Length - length); start++)
            {
                ReadOnlySpan<byte> text = bytes.AsSpan(start, length);
                uint crc = uint.MaxValue;
                foreach (byte b in text)
                {
                    crc = BitOperations.Crc32C(crc, b);
                }

                Assert.Equal(~crc, Checksum.Of(text));
                Assert.Equal(~crc, Checksum.Of(text[..(length / 3)], text[(length / 3)..]));
            }
        }
    }
}
