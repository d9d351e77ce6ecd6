using Feeds.Parquet;
using Feeds.Parquet.Buffers;
using Feeds.Parquet.Thrift;
using Xunit;

namespace Feeds.Tests.Parquet.Thrift;

public sealed class CompactProtocolTests
{
    [Fact]
    public void Fields_of_every_type_come_back_and_unknown_ones_are_passed_over()
    {
        using var output = new ByteBuffer();
        var w = new CompactWriter(output);
        w.BeginStruct();
        w.Field(1, -5);
        w.Field(2, long.MinValue);
        w.Field(40, true);
        w.BeginStructField(41);
        w.Field(1, "inner");
        w.EndStruct();
        w.BeginListField(42, CompactType.I32, 20);
        for (var i = 0; i < 20; i++) w.Element(i);
        w.Field(43, "äöü");
        w.EndStruct();

        var r = new CompactReader(output.Written);
        short id = 0;
        Assert.True(r.NextField(ref id, out var type));
        Assert.Equal((1, -5), (id, r.ReadI32(type)));
        Assert.True(r.NextField(ref id, out type));
        Assert.Equal((2, long.MinValue), (id, r.ReadI64(type)));
        Assert.True(r.NextField(ref id, out type));
        Assert.Equal(40, id);
        Assert.True(CompactReader.ReadBool(type));
        for (var skipped = 0; skipped < 2; skipped++)
        {
            Assert.True(r.NextField(ref id, out type));
            r.Skip(type);
        }

        Assert.True(r.NextField(ref id, out type));
        Assert.Equal("äöü", r.ReadString(type));
        Assert.False(r.NextField(ref id, out _));
        Assert.Equal(output.Count, r.Position);
    }

    [Fact]
    public void Nesting_without_end_is_refused()
    {
        var bytes = new byte[10_000];
        bytes.AsSpan().Fill(0x1C);
        Assert.Throws<DamagedDataException>(() => SkipOne(bytes));
    }

    [Fact]
    public void A_list_longer_than_its_bytes_is_refused()
    {
        // A list of 2^28 numbers in a dozen bytes.
        byte[] bytes = [0x19, 0xF5, 0x80, 0x80, 0x80, 0x80, 0x01, 0, 0, 0, 0, 0];
        var error = Assert.Throws<DamagedDataException>(() => SkipOne(bytes));
        Assert.Contains("longer than the metadata", error.Message, StringComparison.Ordinal);
    }

    private static void SkipOne(byte[] bytes)
    {
        var r = new CompactReader(bytes);
        short id = 0;
        r.NextField(ref id, out var type);
        r.Skip(type);
    }
}
