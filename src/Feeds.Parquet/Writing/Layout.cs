using Feeds.Parquet.Format;
using Feeds.Parquet.Schema;

namespace Feeds.Parquet.Writing;

/// <summary>How one chunk is written.</summary>
internal readonly record struct Layout(ColumnEncoding Encoding, CompressionCodec Codec)
{
    public ParquetEncoding PageEncoding =>
        Encoding == ColumnEncoding.Dictionary ? ParquetEncoding.RleDictionary : (ParquetEncoding)Encoding;
}
