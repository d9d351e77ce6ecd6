using System.IO.Compression;
using Feeds.Parquet.Buffers;
using Feeds.Parquet.Schema;

namespace Feeds.Parquet.Compression;

/// <summary>Compresses whole pages. Keeps its tables; one thread at a time.</summary>
internal sealed class PageCompressor
{
    private const int BrotliQuality = 4;
    private const int BrotliWindow = 22;

    private readonly DeflateEncoder _deflate = new();

    /// <summary>Bytes of the last GZIP page that were given a code each.</summary>
    public int Literals => _deflate.Literals;

    /// <summary>Copies in the last GZIP page.</summary>
    public int Copies => _deflate.Copies;

    /// <summary>Appends the compressed form of <paramref name="input"/>; <paramref name="stream"/> is the length of
    /// the byte streams that it ends with, 0 when it has none.</summary>
    public void Compress(CompressionCodec codec, ReadOnlySpan<byte> input, int stream, ByteBuffer output)
    {
        switch (codec)
        {
            case CompressionCodec.None:
                output.Write(input);
                break;
            case CompressionCodec.Snappy:
                output.Advance(Snappy.Compress(input, output.GetSpan(Snappy.MaxCompressedLength(input.Length))));
                break;
            case CompressionCodec.Gzip:
                output.Advance(_deflate.Compress(input, stream,
                    output.GetSpan(DeflateEncoder.MaxCompressedLength(input.Length, stream))));
                break;
            case CompressionCodec.Brotli:
                CompressBrotli(input, output);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(codec));
        }
    }

    private static void CompressBrotli(ReadOnlySpan<byte> input, ByteBuffer output)
    {
        var span = output.GetSpan(BrotliEncoder.GetMaxCompressedLength(input.Length) + 16);
        if (!BrotliEncoder.TryCompress(input, span, out var n, BrotliQuality, BrotliWindow))
            throw new InvalidOperationException("Brotli did not fit into its own bound.");
        output.Advance(n);
    }
}
