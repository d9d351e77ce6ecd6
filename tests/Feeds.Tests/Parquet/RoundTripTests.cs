using Feeds.Parquet.Schema;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Feeds.Tests.Parquet;

public sealed class RoundTripTests
{
    private static readonly CompressionCodec?[] Codecs =
        [CompressionCodec.None, CompressionCodec.Snappy, CompressionCodec.Gzip, CompressionCodec.Brotli, null];

    private static readonly ColumnEncoding?[] Encodings =
    [
        ColumnEncoding.Plain, ColumnEncoding.Rle, ColumnEncoding.Dictionary, ColumnEncoding.DeltaBinaryPacked,
        ColumnEncoding.DeltaLengthByteArray, ColumnEncoding.ByteStreamSplit, null,
    ];

    private static readonly Dictionary<string, ColumnType> Types = new(StringComparer.Ordinal)
    {
        ["boolean"] = ColumnType.Boolean,
        ["int32"] = ColumnType.Int32,
        ["int64"] = ColumnType.Int64,
        ["float"] = ColumnType.Float,
        ["double"] = ColumnType.Double,
        ["decimal as int64"] = ColumnType.Decimal(18, 8),
        ["decimal as bytes"] = ColumnType.Decimal(28, 6),
        ["small decimal as bytes"] = ColumnType.Decimal(18, 0, asBytes: true),
        ["string"] = ColumnType.String,
        ["timestamp ms"] = ColumnType.TimestampMs,
        ["timestamp us"] = ColumnType.TimestampUs,
        ["date"] = ColumnType.Date,
    };

    public static TheoryData<string> TypeNames => new(Types.Keys);

    [Theory]
    [MemberData(nameof(TypeNames))]
    public void Every_encoding_compression_and_null_pattern_gives_back_what_was_written(string name)
    {
        var type = Types[name];
        var cases = 0;
        foreach (var encoding in Encodings)
        {
            if (encoding is { } e && !new ParquetColumn("x", type).Allows(e)) continue;
            foreach (var codec in Codecs)
            {
                foreach (var nulls in TableCase.NullPatterns)
                {
                    foreach (var (rows, pageRows, version) in new[] { (1, 8, 1), (9, 8, 2), (300, 64, 1),
                        (700, 200, 2) })
                    {
                        new TableCase(type, rows, nulls, cases++).Check(encoding, codec, version, pageRows);
                    }
                }
            }
        }

        Assert.True(cases >= 2 * 5 * 6 * 4);
    }

    [Theory]
    [MemberData(nameof(TypeNames))]
    public void Large_columns_survive_the_encoding_that_the_writer_chooses(string name)
    {
        foreach (var nulls in TableCase.NullPatterns)
            new TableCase(Types[name], 30_000, nulls, 7).Check(null, null, 1, 4096);
    }

    [Fact]
    public void Any_shape_of_any_type_gives_back_what_was_written()
    {
        var shapes =
            from type in Gen.Elements(Types.Values.ToArray())
            from rows in Gen.Choose(1, 2000)
            from nulls in Gen.Elements(TableCase.NullPatterns)
            from pageRows in Gen.Choose(8, 600)
            from version in Gen.Choose(1, 2)
            from codec in Gen.Elements(Codecs)
            from seed in Gen.Choose(0, int.MaxValue - 1)
            select (type, rows, nulls, pageRows, version, codec, seed);
        Prop.ForAll(shapes.ToArbitrary(), s =>
            new TableCase(s.type, s.rows, s.nulls, s.seed).Check(null, s.codec, s.version, s.pageRows))
            .QuickCheckThrowOnFailure();
    }
}
