using System.IO.Compression;
using Feeds.Parquet.Buffers;
using Feeds.Parquet.Schema;

namespace Feeds.Parquet.Compression;

/// <summary>Decompresses whole pages.</summary>
internal static class PageCodec
{
    /// <summary>Decompresses into <paramref name="output"/>, which must be filled exactly.</summary>
    public static void Decompress(CompressionCodec codec, ReadOnlyMemory<byte> input, Memory<byte> output)
    {
        switch (codec)
        {
            case CompressionCodec.None:
                if (input.Length != output.Length)
                    throw new DamagedDataException("a page of another length than it states");
                input.CopyTo(output);
                break;
            case CompressionCodec.Snappy:
                Snappy.Decompress(input.Span, output.Span);
                break;
            case CompressionCodec.Gzip:
                DecompressGzip(input, output.Span);
                break;
            default:
                if (!BrotliDecoder.TryDecompress(input.Span, output.Span, out var n) || n != output.Length)
                    throw new DamagedDataException(
                        "Brotli data that is damaged or of another length than the page states");
                break;
        }
    }

    private static void DecompressGzip(ReadOnlyMemory<byte> input, Span<byte> output)
    {
        try
        {
            using var source = new MemoryReadStream(input);
            using var gzip = new GZipStream(source, CompressionMode.Decompress);
            if (gzip.ReadAtLeast(output, output.Length, false) != output.Length || gzip.ReadByte() >= 0)
                throw new DamagedDataException("GZIP data of another length than the page states");
        }
        catch (InvalidDataException e)
        {
            throw new DamagedDataException("damaged GZIP data: " + e.Message);
        }
    }
}
