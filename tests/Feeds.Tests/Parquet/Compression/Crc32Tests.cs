using Feeds.Parquet.Compression;
using Xunit;

namespace Feeds.Tests.Parquet.Compression;

public sealed class Crc32Tests
{
    [Fact]
    public void The_check_value_of_the_polynomial_is_met() => Assert.Equal(0xCBF43926u, Crc32.Compute("123456789"u8));

    [Fact]
    public void Any_length_agrees_with_the_bitwise_definition_on_either_path()
    {
        var random = new Random(5);
        for (var length = 0; length < 700; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            Assert.Equal(Bitwise(bytes), Crc32.Compute(bytes));
            Assert.Equal(Bitwise(bytes), ~Crc32.UpdateByTables(uint.MaxValue, bytes));
        }
    }

    private static uint Bitwise(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var i = 0; i < 8; i++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }
}
