using Feeds.Parquet.Thrift;

namespace Feeds.Parquet.Format;

/// <summary>Reads the footer; what it does not know it skips, what is wrong throws
/// <see cref="DamagedDataException"/>.</summary>
internal static class MetadataReader
{
    public static FileMetadata ReadFooter(ReadOnlySpan<byte> bytes, ParquetLimits limits)
    {
        var r = new CompactReader(bytes);
        var file = new FileMetadata();
        var budget = limits.MaxColumnChunks;
        short id = 0;
        while (r.NextField(ref id, out var type))
        {
            switch (id)
            {
                case 2: ReadSchema(ref r, type, file.Schema, limits); break;
                case 3: file.RowCount = r.ReadI64(type); break;
                case 4: ReadRowGroups(ref r, type, file.RowGroups, ref budget); break;
                case 5: ReadKeyValues(ref r, type, file.KeyValues); break;
                case 6: file.CreatedBy = r.ReadString(type); break;
                case 7:
                    file.HasColumnOrders = true;
                    r.Skip(type);
                    break;
                case 8:
                    file.Encrypted = true;
                    r.Skip(type);
                    break;
                default: r.Skip(type); break;
            }
        }

        return file;
    }

    private static void ReadSchema(
        ref CompactReader r, CompactType type, List<SchemaElement> schema, ParquetLimits limits)
    {
        var count = r.ReadListOf(type, CompactType.Struct);
        if (count - 1 > limits.MaxColumns)
            throw new DamagedDataException($"{count - 1} columns are more than the limit of {limits.MaxColumns}");
        for (var i = 0; i < count; i++) schema.Add(ReadElement(ref r));
    }

    private static SchemaElement ReadElement(ref CompactReader r)
    {
        var element = new SchemaElement();
        short id = 0;
        while (r.NextField(ref id, out var type))
        {
            switch (id)
            {
                case 1: element.PhysicalType = r.ReadI32(type); break;
                case 2: element.TypeLength = r.ReadI32(type); break;
                case 3: element.Repetition = r.ReadI32(type); break;
                case 4: element.Name = r.ReadString(type); break;
                case 5: element.ChildCount = r.ReadI32(type); break;
                case 6: element.ConvertedType = r.ReadI32(type); break;
                case 7: element.Scale = r.ReadI32(type); break;
                case 8: element.Precision = r.ReadI32(type); break;
                case 10: ReadLogicalType(ref r, type, element); break;
                default: r.Skip(type); break;
            }
        }

        return element;
    }

    private static void ReadLogicalType(ref CompactReader r, CompactType type, SchemaElement element)
    {
        CompactReader.Expect(type, CompactType.Struct);
        short id = 0;
        while (r.NextField(ref id, out var union))
        {
            CompactReader.Expect(union, CompactType.Struct);
            element.LogicalType = id;
            short inner = 0;
            while (r.NextField(ref inner, out var field)) ReadLogicalField(ref r, element, inner, field);
        }
    }

    private static void ReadLogicalField(ref CompactReader r, SchemaElement element, short id, CompactType type)
    {
        switch (element.LogicalType, id)
        {
            case (LogicalTypeId.Decimal, 1): element.Scale = r.ReadI32(type); break;
            case (LogicalTypeId.Decimal, 2): element.Precision = r.ReadI32(type); break;
            case (LogicalTypeId.Integer, 1): element.IntegerWidth = r.ReadI32(type); break;
            case (LogicalTypeId.Integer, 2): element.IntegerSigned = CompactReader.ReadBool(type); break;
            case (LogicalTypeId.Timestamp, 2):
                CompactReader.Expect(type, CompactType.Struct);
                short unit = 0;
                while (r.NextField(ref unit, out var unitType))
                {
                    element.TimeUnit = unit;
                    r.Skip(unitType);
                }

                break;
            default: r.Skip(type); break;
        }
    }

    private static void ReadRowGroups(
        ref CompactReader r, CompactType type, List<RowGroupMetadata> groups, ref int budget)
    {
        var count = r.ReadListOf(type, CompactType.Struct);
        for (var i = 0; i < count; i++)
        {
            var group = new RowGroupMetadata();
            short id = 0;
            while (r.NextField(ref id, out var field))
            {
                switch (id)
                {
                    case 1: ReadChunks(ref r, field, group.Columns, ref budget); break;
                    case 2: group.TotalBytes = r.ReadI64(field); break;
                    case 3: group.RowCount = r.ReadI64(field); break;
                    case 6: group.CompressedBytes = r.ReadI64(field); break;
                    default: r.Skip(field); break;
                }
            }

            groups.Add(group);
        }
    }

    private static void ReadChunks(ref CompactReader r, CompactType type, List<ChunkMetadata> chunks, ref int budget)
    {
        var count = r.ReadListOf(type, CompactType.Struct);
        budget -= count;
        if (budget < 0) throw new DamagedDataException("more column chunks than the limit allows");
        for (var i = 0; i < count; i++) chunks.Add(ReadChunk(ref r));
    }

    private static ChunkMetadata ReadChunk(ref CompactReader r)
    {
        var chunk = new ChunkMetadata();
        short id = 0;
        while (r.NextField(ref id, out var type))
        {
            switch (id)
            {
                case 1:
                    chunk.Elsewhere = true;
                    r.Skip(type);
                    break;
                case 3: ReadColumnMetadata(ref r, type, chunk); break;
                case 4: chunk.OffsetIndexOffset = r.ReadI64(type); break;
                case 5: chunk.OffsetIndexLength = r.ReadI32(type); break;
                case 6: chunk.ColumnIndexOffset = r.ReadI64(type); break;
                case 7: chunk.ColumnIndexLength = r.ReadI32(type); break;
                case 8 or 9:
                    chunk.Encrypted = true;
                    r.Skip(type);
                    break;
                default: r.Skip(type); break;
            }
        }

        return chunk;
    }

    private static void ReadColumnMetadata(ref CompactReader r, CompactType outer, ChunkMetadata chunk)
    {
        CompactReader.Expect(outer, CompactType.Struct);
        chunk.HasMetadata = true;
        short id = 0;
        while (r.NextField(ref id, out var type))
        {
            switch (id)
            {
                case 1: chunk.PhysicalType = r.ReadI32(type); break;
                case 2:
                    var encodings = r.ReadListOf(type, CompactType.I32);
                    for (var i = 0; i < encodings; i++)
                        chunk.Encodings.Add((ParquetEncoding)r.ReadI32(CompactType.I32));
                    break;
                case 3:
                    var parts = r.ReadListOf(type, CompactType.Binary);
                    for (var i = 0; i < parts; i++) chunk.Path.Add(r.ReadString(CompactType.Binary));
                    break;
                case 4: chunk.Codec = r.ReadI32(type); break;
                case 5: chunk.ValueCount = r.ReadI64(type); break;
                case 6: chunk.UncompressedBytes = r.ReadI64(type); break;
                case 7: chunk.CompressedBytes = r.ReadI64(type); break;
                case 9: chunk.DataPageOffset = r.ReadI64(type); break;
                case 11: chunk.DictionaryPageOffset = r.ReadI64(type); break;
                case 12: chunk.Statistics = ReadStatistics(ref r, type); break;
                default: r.Skip(type); break;
            }
        }
    }

    private static RawStatistics ReadStatistics(ref CompactReader r, CompactType outer)
    {
        CompactReader.Expect(outer, CompactType.Struct);
        var statistics = new RawStatistics();
        short id = 0;
        while (r.NextField(ref id, out var type))
        {
            // Fields 1 and 2 are the older pair whose order was never defined; they are passed over.
            switch (id)
            {
                case 3: statistics.NullCount = r.ReadI64(type); break;
                case 5: statistics.Max = r.ReadBinary(type).ToArray(); break;
                case 6: statistics.Min = r.ReadBinary(type).ToArray(); break;
                default: r.Skip(type); break;
            }
        }

        return statistics;
    }

    private static void ReadKeyValues(ref CompactReader r, CompactType type, List<KeyValuePair<string, string>> pairs)
    {
        var count = r.ReadListOf(type, CompactType.Struct);
        for (var i = 0; i < count; i++)
        {
            string key = "", value = "";
            short id = 0;
            while (r.NextField(ref id, out var field))
            {
                if (id == 1) key = r.ReadString(field);
                else if (id == 2) value = r.ReadString(field);
                else r.Skip(field);
            }

            pairs.Add(new(key, value));
        }
    }
}
