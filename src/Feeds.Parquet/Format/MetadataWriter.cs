using Feeds.Parquet.Buffers;
using Feeds.Parquet.Schema;
using Feeds.Parquet.Thrift;

namespace Feeds.Parquet.Format;

/// <summary>Writes footer, page headers and page indexes.</summary>
internal static class MetadataWriter
{
    public static void WriteFooter(ByteBuffer output, ParquetSchema schema, FileMetadata file)
    {
        var w = new CompactWriter(output);
        w.BeginStruct();
        w.Field(1, 2);
        w.BeginListField(2, CompactType.Struct, schema.Count + 1);
        WriteRoot(w, schema.Count);
        foreach (var column in schema) WriteElement(w, column);
        w.Field(3, file.RowCount);
        w.BeginListField(4, CompactType.Struct, file.RowGroups.Count);
        for (var i = 0; i < file.RowGroups.Count; i++) WriteRowGroup(w, file.RowGroups[i], i);
        WriteKeyValues(w, file.KeyValues);
        w.Field(6, file.CreatedBy);
        w.BeginListField(7, CompactType.Struct, schema.Count);
        for (var i = 0; i < schema.Count; i++)
        {
            // TYPE_ORDER: minima and maxima follow the order that the format defines for the type.
            w.BeginStruct();
            w.BeginStructField(1);
            w.EndStruct();
            w.EndStruct();
        }

        w.EndStruct();
    }

    public static void WritePageHeader(ByteBuffer output, in PageHeader page)
    {
        var w = new CompactWriter(output);
        w.BeginStruct();
        w.Field(1, (int)page.Type);
        w.Field(2, page.UncompressedBytes);
        w.Field(3, page.CompressedBytes);
        if (page.HasCrc) w.Field(4, page.Crc);
        switch (page.Type)
        {
            case PageType.Data:
                w.BeginStructField(5);
                w.Field(1, page.ValueCount);
                w.Field(2, (int)page.Encoding);
                w.Field(3, (int)ParquetEncoding.Rle);
                w.Field(4, (int)ParquetEncoding.Rle);
                break;
            case PageType.Dictionary:
                w.BeginStructField(7);
                w.Field(1, page.ValueCount);
                w.Field(2, (int)page.Encoding);
                break;
            default:
                w.BeginStructField(8);
                w.Field(1, page.ValueCount);
                w.Field(2, page.NullCount);
                w.Field(3, page.RowCount);
                w.Field(4, (int)page.Encoding);
                w.Field(5, page.DefinitionBytes);
                w.Field(6, 0);
                w.Field(7, page.Compressed);
                break;
        }

        w.EndStruct();
        w.EndStruct();
    }

    public static void WriteOffsetIndex(ByteBuffer output, IReadOnlyList<PageLocation> pages)
    {
        var w = new CompactWriter(output);
        w.BeginStruct();
        w.BeginListField(1, CompactType.Struct, pages.Count);
        foreach (var page in pages)
        {
            w.BeginStruct();
            w.Field(1, page.Offset);
            w.Field(2, page.Bytes);
            w.Field(3, page.FirstRow);
            w.EndStruct();
        }

        w.EndStruct();
    }

    public static void WriteColumnIndex(ByteBuffer output, ColumnIndex index)
    {
        var w = new CompactWriter(output);
        w.BeginStruct();
        w.BeginListField(1, CompactType.True, index.NullPages.Count);
        foreach (var nulls in index.NullPages) w.Element(nulls);
        w.BeginListField(2, CompactType.Binary, index.Min.Count);
        foreach (var min in index.Min) w.Element(min);
        w.BeginListField(3, CompactType.Binary, index.Max.Count);
        foreach (var max in index.Max) w.Element(max);
        w.Field(4, index.Order);
        w.BeginListField(5, CompactType.I64, index.NullCounts.Count);
        foreach (var count in index.NullCounts) w.Element(count);
        w.EndStruct();
    }

    private static void WriteRoot(CompactWriter w, int children)
    {
        w.BeginStruct();
        w.Field(4, "schema");
        w.Field(5, children);
        w.EndStruct();
    }

    private static void WriteElement(CompactWriter w, ParquetColumn column)
    {
        var type = column.Type;
        w.BeginStruct();
        w.Field(1, (int)type.Physical);
        if (type.Physical == PhysicalType.FixedLenByteArray) w.Field(2, type.Length);
        w.Field(3, column.Nullable ? SchemaElement.Optional : SchemaElement.Required);
        w.Field(4, column.Name);
        switch (type.Kind)
        {
            case ColumnKind.String:
                w.Field(6, ConvertedTypeId.Utf8);
                WriteEmptyLogical(w, LogicalTypeId.String);
                break;
            case ColumnKind.Date:
                w.Field(6, ConvertedTypeId.Date);
                WriteEmptyLogical(w, LogicalTypeId.Date);
                break;
            case ColumnKind.TimestampMs:
                WriteTimestamp(w, ConvertedTypeId.TimestampMillis, 1);
                break;
            case ColumnKind.TimestampUs:
                WriteTimestamp(w, ConvertedTypeId.TimestampMicros, 2);
                break;
            case ColumnKind.Decimal:
                WriteDecimal(w, type);
                break;
        }

        w.EndStruct();
    }

    private static void WriteEmptyLogical(CompactWriter w, short id)
    {
        w.BeginStructField(10);
        w.BeginStructField(id);
        w.EndStruct();
        w.EndStruct();
    }

    private static void WriteTimestamp(CompactWriter w, int converted, short unit)
    {
        w.Field(6, converted);
        w.BeginStructField(10);
        w.BeginStructField(LogicalTypeId.Timestamp);
        w.Field(1, true);
        w.BeginStructField(2);
        w.BeginStructField(unit);
        w.EndStruct();
        w.EndStruct();
        w.EndStruct();
        w.EndStruct();
    }

    private static void WriteDecimal(CompactWriter w, ColumnType type)
    {
        w.Field(6, ConvertedTypeId.Decimal);
        w.Field(7, type.Scale);
        w.Field(8, type.Precision);
        w.BeginStructField(10);
        w.BeginStructField(LogicalTypeId.Decimal);
        w.Field(1, type.Scale);
        w.Field(2, type.Precision);
        w.EndStruct();
        w.EndStruct();
    }

    private static void WriteKeyValues(CompactWriter w, List<KeyValuePair<string, string>> pairs)
    {
        if (pairs.Count == 0) return;
        w.BeginListField(5, CompactType.Struct, pairs.Count);
        foreach (var (key, value) in pairs)
        {
            w.BeginStruct();
            w.Field(1, key);
            w.Field(2, value);
            w.EndStruct();
        }
    }

    private static void WriteRowGroup(CompactWriter w, RowGroupMetadata group, int ordinal)
    {
        w.BeginStruct();
        w.BeginListField(1, CompactType.Struct, group.Columns.Count);
        foreach (var chunk in group.Columns) WriteChunk(w, chunk);
        w.Field(2, group.TotalBytes);
        w.Field(3, group.RowCount);
        w.Field(5, group.Columns.Min(c => c.Start));
        w.Field(6, group.CompressedBytes);
        if (ordinal <= short.MaxValue) w.Field(7, (short)ordinal);
        w.EndStruct();
    }

    private static void WriteChunk(CompactWriter w, ChunkMetadata chunk)
    {
        w.BeginStruct();
        w.Field(2, 0L);
        w.BeginStructField(3);
        w.Field(1, chunk.PhysicalType);
        w.BeginListField(2, CompactType.I32, chunk.Encodings.Count);
        foreach (var encoding in chunk.Encodings) w.Element((int)encoding);
        w.BeginListField(3, CompactType.Binary, chunk.Path.Count);
        foreach (var part in chunk.Path) w.Element(part);
        w.Field(4, chunk.Codec);
        w.Field(5, chunk.ValueCount);
        w.Field(6, chunk.UncompressedBytes);
        w.Field(7, chunk.CompressedBytes);
        w.Field(9, chunk.DataPageOffset);
        if (chunk.DictionaryPageOffset >= 0) w.Field(11, chunk.DictionaryPageOffset);
        if (chunk.Statistics is { } statistics) WriteStatistics(w, statistics);
        w.EndStruct();
        if (chunk.OffsetIndexLength > 0)
        {
            w.Field(4, chunk.OffsetIndexOffset);
            w.Field(5, chunk.OffsetIndexLength);
        }

        if (chunk.ColumnIndexLength > 0)
        {
            w.Field(6, chunk.ColumnIndexOffset);
            w.Field(7, chunk.ColumnIndexLength);
        }

        w.EndStruct();
    }

    private static void WriteStatistics(CompactWriter w, RawStatistics statistics)
    {
        w.BeginStructField(12);
        if (statistics.NullCount >= 0) w.Field(3, statistics.NullCount);
        if (statistics.Max is not null) w.Field(5, statistics.Max);
        if (statistics.Min is not null) w.Field(6, statistics.Min);
        if (statistics.Max is not null) w.Field(7, true);
        if (statistics.Min is not null) w.Field(8, true);
        w.EndStruct();
    }
}
