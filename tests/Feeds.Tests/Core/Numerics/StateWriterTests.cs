using Feeds.Core.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Feeds.Tests.Core.Numerics;

public sealed class StateWriterTests
{
    [Fact]
    public void What_is_written_is_read_back_to_the_bit() =>
        Prop.ForAll<long, double, decimal>((l, d, m) =>
        {
            StateWriter writer = new();
            writer.WriteInt64(l);
            writer.WriteDouble(d);
            writer.WriteDecimal(m);
            writer.WriteInt32((int)l);
            writer.WriteBoolean(l > 0);
            writer.WriteString(null);
            writer.WriteString("币安" + l);
            writer.WriteDoubles([d, -d, double.NaN]);
            writer.WriteInt64s([l, ~l]);
            StateReader reader = new(writer.Written);
            Assert.Equal(l, reader.ReadInt64());
            Assert.Equal(BitConverter.DoubleToInt64Bits(d), BitConverter.DoubleToInt64Bits(reader.ReadDouble()));
            Assert.Equal(decimal.GetBits(m), decimal.GetBits(reader.ReadDecimal()));
            Assert.Equal((int)l, reader.ReadInt32());
            Assert.Equal(l > 0, reader.ReadBoolean());
            Assert.Null(reader.ReadString());
            Assert.Equal("币安" + l, reader.ReadString());
            double[] doubles = new double[3];
            reader.ReadDoubles(doubles);
            Assert.Equal([d, -d, double.NaN], doubles);
            long[] longs = new long[2];
            reader.ReadInt64s(longs);
            Assert.Equal([l, ~l], longs);
            Assert.Equal(0, reader.Remaining);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Sections_are_found_in_any_order_and_unknown_ones_are_left()
    {
        StateWriter writer = new();
        writer.WriteInt32(7);
        writer.WriteSection("one", 1, new Number { Value = 11 });
        writer.WriteSection("gone", 1, new Number { Value = 22 });
        writer.WriteSection("two", 3, new Number { Value = 33 });
        StateReader reader = new(writer.Written);
        Assert.Equal(7, reader.ReadInt32());
        Number two = new();
        Number one = new();
        Assert.True(reader.TryLoadSection("two", 3, two));
        Assert.True(reader.TryLoadSection("one", 1, one));
        Assert.Equal(33, two.Value);
        Assert.Equal(11, one.Value);
        Assert.False(reader.TryLoadSection("new", 1, one));
    }

    [Fact]
    public void A_section_of_another_version_is_left_unread()
    {
        StateWriter writer = new();
        writer.WriteSection("one", 1, new Number { Value = 11 });
        Number number = new() { Value = 5 };
        Assert.False(new StateReader(writer.Written).TryLoadSection("one", 2, number));
        Assert.Equal(5, number.Value);
    }

    [Fact]
    public void Bytes_cut_anywhere_are_refused()
    {
        StateWriter writer = new();
        writer.WriteSection("one", 1, new Number { Value = 11 });
        for (int length = 1; length < writer.Written.Length; length++)
        {
            byte[] cut = writer.Written[..length].ToArray();
            Assert.Throws<StateFormatException>(() => new StateReader(cut).TryLoadSection("one", 1, new Number()));
        }
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(int.MaxValue)]
    public void Absurd_lengths_are_refused_before_anything_is_made_of_them(int length)
    {
        StateWriter writer = new();
        writer.WriteInt32(length);
        byte[] bytes = writer.Written.ToArray();
        Assert.Throws<StateFormatException>(() => new StateReader(bytes).ReadString());
        Assert.Throws<StateFormatException>(() => new StateReader(bytes).ReadCount(8));
        Assert.Throws<StateFormatException>(() => new StateReader(bytes).ReadDoubles(new double[2]));
    }

    private sealed class Number : ISavedState
    {
        public long Value { get; set; }

        public void Save(StateWriter writer) => writer.WriteInt64(Value);

        public void Load(ref StateReader reader) => Value = reader.ReadInt64();
    }
}
