namespace Feeds.Parquet.Format;

/// <summary>The header before each page.</summary>
internal struct PageHeader
{
    public PageType Type;
    public int UncompressedBytes;
    public int CompressedBytes;
    public bool HasCrc;
    public int Crc;
    public int ValueCount;
    public ParquetEncoding Encoding;
    public ParquetEncoding LevelEncoding;

    // Of pages v2 only.
    public int NullCount;
    public int RowCount;
    public int DefinitionBytes;
    public int RepetitionBytes;
    public bool Compressed;
}
