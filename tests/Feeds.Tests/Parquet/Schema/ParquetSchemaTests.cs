using Feeds.Parquet.Schema;
using Xunit;

namespace Feeds.Tests.Parquet.Schema;

public sealed class ParquetSchemaTests
{
    [Fact]
    public void Columns_are_found_by_name()
    {
        var schema = new ParquetSchema(new ParquetColumn("a", ColumnType.Int32),
            new ParquetColumn("A", ColumnType.Date));
        Assert.Equal((0, 1, -1), (schema.IndexOf("a"), schema.IndexOf("A"), schema.IndexOf("b")));
        Assert.Contains("'b'", Assert.Throws<ArgumentException>(() => schema.Require("b")).Message,
            StringComparison.Ordinal);
        Assert.Equal(["a", "A"], schema.Select(c => c.Name));
    }

    [Fact]
    public void What_contradicts_itself_is_refused()
    {
        static void Refused(params ParquetColumn[] columns) =>
            Assert.Throws<ArgumentException>(() => new ParquetSchema(columns));
        Refused();
        Refused(new ParquetColumn("a", ColumnType.Int32), new ParquetColumn("a", ColumnType.Int32));
        Refused(new ParquetColumn("", ColumnType.Int32));
        Refused(new ParquetColumn("a", ColumnType.Int32) { Nullable = true, NanIsNull = true });
        Refused(new ParquetColumn("a", ColumnType.Double) { NanIsNull = true });
        Refused(new ParquetColumn("a", ColumnType.Double) { Encoding = ColumnEncoding.DeltaBinaryPacked });
        Refused(new ParquetColumn("a", ColumnType.String) { Encoding = ColumnEncoding.ByteStreamSplit });
        Refused(new ParquetColumn("a", ColumnType.Boolean) { Encoding = ColumnEncoding.Dictionary });
        Refused(new ParquetColumn("a", ColumnType.Double) { Compression = (CompressionCodec)6 });
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(39, 0)]
    [InlineData(5, 6)]
    [InlineData(5, -1)]
    public void Decimals_outside_of_the_format_are_refused(int precision, int scale) =>
        Assert.ThrowsAny<ArgumentException>(() => ColumnType.Decimal(precision, scale));

    [Fact]
    public void Decimals_are_numbers_up_to_eighteen_digits_and_bytes_beyond()
    {
        Assert.Equal(PhysicalType.Int64, ColumnType.Decimal(18, 8).Physical);
        Assert.Equal(PhysicalType.FixedLenByteArray, ColumnType.Decimal(19, 8).Physical);
        Assert.Equal(PhysicalType.FixedLenByteArray, ColumnType.Decimal(5, 2, asBytes: true).Physical);
        Assert.Equal("Decimal(18, 8)", ColumnType.Decimal(18, 8).ToString());
    }
}
