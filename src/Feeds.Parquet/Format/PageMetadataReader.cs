using Feeds.Parquet.Thrift;

namespace Feeds.Parquet.Format;

/// <summary>Reads page headers and page indexes.</summary>
internal static class PageMetadataReader
{
    /// <summary>Reads one page header; <paramref name="length"/> is the number of bytes it took.</summary>
    public static PageHeader ReadPageHeader(ReadOnlySpan<byte> bytes, out int length)
    {
        var r = new CompactReader(bytes);
        var page = new PageHeader
        {
            Type = (PageType)(-1),
            UncompressedBytes = -1,
            CompressedBytes = -1,
            ValueCount = -1,
            Compressed = true,
        };
        short id = 0;
        while (r.NextField(ref id, out var type))
        {
            switch (id)
            {
                case 1: page.Type = (PageType)r.ReadI32(type); break;
                case 2: page.UncompressedBytes = r.ReadI32(type); break;
                case 3: page.CompressedBytes = r.ReadI32(type); break;
                case 4:
                    page.HasCrc = true;
                    page.Crc = r.ReadI32(type);
                    break;
                case 5: ReadDataHeader(ref r, type, ref page); break;
                case 7: ReadDictionaryHeader(ref r, type, ref page); break;
                case 8: ReadDataHeaderV2(ref r, type, ref page); break;
                default: r.Skip(type); break;
            }
        }

        length = r.Position;
        return page;
    }

    public static List<PageLocation> ReadOffsetIndex(ReadOnlySpan<byte> bytes)
    {
        var r = new CompactReader(bytes);
        var pages = new List<PageLocation>();
        short id = 0;
        while (r.NextField(ref id, out var type))
        {
            if (id != 1)
            {
                r.Skip(type);
                continue;
            }

            var count = r.ReadListOf(type, CompactType.Struct);
            for (var i = 0; i < count; i++) pages.Add(ReadLocation(ref r));
        }

        return pages;
    }

    public static ColumnIndex ReadColumnIndex(ReadOnlySpan<byte> bytes)
    {
        var r = new CompactReader(bytes);
        var index = new ColumnIndex();
        short id = 0;
        while (r.NextField(ref id, out var type))
        {
            switch (id)
            {
                case 1:
                    var pages = r.ReadListOf(type, CompactType.True);
                    for (var i = 0; i < pages; i++) index.NullPages.Add(r.ReadByte() == (byte)CompactType.True);
                    break;
                case 2: ReadBinaries(ref r, type, index.Min); break;
                case 3: ReadBinaries(ref r, type, index.Max); break;
                case 4: index.Order = r.ReadI32(type); break;
                case 5:
                    var counts = r.ReadListOf(type, CompactType.I64);
                    for (var i = 0; i < counts; i++) index.NullCounts.Add(r.ReadI64(CompactType.I64));
                    break;
                default: r.Skip(type); break;
            }
        }

        return index;
    }

    private static void ReadBinaries(ref CompactReader r, CompactType type, List<byte[]> values)
    {
        var count = r.ReadListOf(type, CompactType.Binary);
        for (var i = 0; i < count; i++) values.Add(r.ReadBinary(CompactType.Binary).ToArray());
    }

    private static PageLocation ReadLocation(ref CompactReader r)
    {
        long offset = -1, row = -1;
        var bytes = -1;
        short id = 0;
        while (r.NextField(ref id, out var type))
        {
            switch (id)
            {
                case 1: offset = r.ReadI64(type); break;
                case 2: bytes = r.ReadI32(type); break;
                case 3: row = r.ReadI64(type); break;
                default: r.Skip(type); break;
            }
        }

        return new PageLocation(offset, bytes, row);
    }

    private static void ReadDataHeader(ref CompactReader r, CompactType outer, ref PageHeader page)
    {
        CompactReader.Expect(outer, CompactType.Struct);
        short id = 0;
        while (r.NextField(ref id, out var type))
        {
            switch (id)
            {
                case 1: page.ValueCount = r.ReadI32(type); break;
                case 2: page.Encoding = (ParquetEncoding)r.ReadI32(type); break;
                case 3: page.LevelEncoding = (ParquetEncoding)r.ReadI32(type); break;
                default: r.Skip(type); break;
            }
        }
    }

    private static void ReadDictionaryHeader(ref CompactReader r, CompactType outer, ref PageHeader page)
    {
        CompactReader.Expect(outer, CompactType.Struct);
        short id = 0;
        while (r.NextField(ref id, out var type))
        {
            switch (id)
            {
                case 1: page.ValueCount = r.ReadI32(type); break;
                case 2: page.Encoding = (ParquetEncoding)r.ReadI32(type); break;
                default: r.Skip(type); break;
            }
        }
    }

    private static void ReadDataHeaderV2(ref CompactReader r, CompactType outer, ref PageHeader page)
    {
        CompactReader.Expect(outer, CompactType.Struct);
        page.LevelEncoding = ParquetEncoding.Rle;
        short id = 0;
        while (r.NextField(ref id, out var type))
        {
            switch (id)
            {
                case 1: page.ValueCount = r.ReadI32(type); break;
                case 2: page.NullCount = r.ReadI32(type); break;
                case 3: page.RowCount = r.ReadI32(type); break;
                case 4: page.Encoding = (ParquetEncoding)r.ReadI32(type); break;
                case 5: page.DefinitionBytes = r.ReadI32(type); break;
                case 6: page.RepetitionBytes = r.ReadI32(type); break;
                case 7: page.Compressed = CompactReader.ReadBool(type); break;
                default: r.Skip(type); break;
            }
        }
    }
}
