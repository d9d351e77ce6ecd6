using System.Runtime.InteropServices;
using Feeds.Parquet.Buffers;
using Feeds.Parquet.Compression;
using Feeds.Parquet.Encodings;
using Feeds.Parquet.Schema;

namespace Feeds.Parquet.Writing;

/// <summary>
/// Chooses encoding and compression of a chunk by trying them on a sample of its values: the fewest bytes, with a
/// price on what reading them back costs. That cost is counted (pieces copied, bytes coded), never timed, so that the
/// same values always become the same file.
/// </summary>
internal sealed class LayoutChooser(ParquetWriterOptions options) : IDisposable
{
    private const int SampleParts = 4;
    private const int SamplePart = 1024;

    // Bytes that a nanosecond of reading is worth.
    private const double BytesPerNanosecond = 0.07;

    // Nanoseconds of reading, as measured once: a value of each encoding, a piece that Snappy copies, a byte with a
    // GZIP code of its own, a copy of GZIP (whose length and distance the processor cannot guess), a byte of Brotli.
    private const double PlainNanoseconds = 0.1;
    private const double StreamNanoseconds = 0.3;
    private const double CodeNanoseconds = 1.5;
    private const double DeltaNanoseconds = 2.0;
    private const double SnappyNanoseconds = 3.0;
    private const double GzipLiteralNanoseconds = 2.7;
    private const double GzipCopyNanoseconds = 22.0;
    private const double BrotliNanoseconds = 3.0;

    private readonly ByteBuffer _encoded = new(1 << 16);
    private readonly ByteBuffer _compressed = new(1 << 16);
    private readonly PageCompressor _compressor = new();
    private PooledArray<byte> _sample;
    private PooledArray<int> _sampleCodes;

    /// <summary>Chooses for numbers. <paramref name="dictionary"/> and <paramref name="codes"/> are filled when, and
    /// only when, the answer is a dictionary.</summary>
    public Layout Choose<T>(
        ParquetColumn column, ReadOnlySpan<T> values, DictionaryBuilder<T> dictionary, Span<int> codes)
        where T : unmanaged
    {
        var sample = TakeSample(values);
        var scale = sample.Length == 0 ? 1 : (double)values.Length / sample.Length;
        Layout best = new(ColumnEncoding.Plain, column.Compression ?? options.Compression ?? CompressionCodec.None);
        var bestPrice = double.MaxValue;
        ReadOnlySpan<ColumnEncoding> all = [ColumnEncoding.Plain, ColumnEncoding.DeltaBinaryPacked,
            ColumnEncoding.ByteStreamSplit];
        foreach (var encoding in all)
        {
            if (column.Encoding is { } told ? encoding != told : !IsUsual(column, encoding)) continue;
            _encoded.Clear();
            ValueEncoder.Encode(encoding, sample, _encoded);
            var (codec, price) = Measure(column, encoding == ColumnEncoding.ByteStreamSplit ? sample.Length : 0);
            price = (price + Price(sample.Length * NanosecondsOf(encoding))) * scale;
            if (price >= bestPrice) continue;
            bestPrice = price;
            best = new Layout(encoding, codec);
        }

        if (column.Encoding is null or ColumnEncoding.Dictionary)
        {
            var limit = column.Encoding is null ? Math.Min(values.Length / 2, 1 << 17) : 1 << 21;
            if (column.Encoding is null && !LooksRepetitive(values, sample, dictionary)) return best;
            if (!dictionary.TryBuild(values, limit, codes)) return best;
            var (codec, price) = MeasureDictionary(column, dictionary, codes);
            if (price < bestPrice) return new Layout(ColumnEncoding.Dictionary, codec);
        }

        return best;
    }

    /// <summary>Chooses the codec for what is already encoded in <paramref name="bytes"/>.</summary>
    public CompressionCodec ChooseCodec(ParquetColumn column, ReadOnlySpan<byte> bytes)
    {
        _encoded.Clear();
        _encoded.Write(bytes[..Math.Min(bytes.Length, 1 << 16)]);
        return Measure(column, 0).Codec;
    }

    public void Dispose()
    {
        _encoded.Dispose();
        _compressed.Dispose();
        _sample.Return();
        _sampleCodes.Return();
    }

    // Byte streams of whole numbers came late to the format, and not every reader has them.
    private static bool IsUsual(ParquetColumn column, ColumnEncoding encoding) =>
        encoding == ColumnEncoding.ByteStreamSplit
            ? column.Type.Kind is ColumnKind.Float or ColumnKind.Double
            : column.Allows(encoding);

    // A few stretches spread over the chunk: neighbours stay neighbours, which deltas and copies live from.
    private ReadOnlySpan<T> TakeSample<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        if (values.Length <= SampleParts * SamplePart) return values;
        var size = PlainEncoder.WidthOf<T>();
        var sample = MemoryMarshal.Cast<byte, T>(_sample.Take(SampleParts * SamplePart * size));
        for (var i = 0; i < SampleParts; i++)
        {
            var start = (int)((long)(values.Length - SamplePart) * i / (SampleParts - 1));
            values.Slice(start, SamplePart).CopyTo(sample[(i * SamplePart)..]);
        }

        return sample[..(SampleParts * SamplePart)];
    }

    private bool LooksRepetitive<T>(ReadOnlySpan<T> values, ReadOnlySpan<T> sample, DictionaryBuilder<T> dictionary)
        where T : unmanaged =>
        dictionary.TryBuild(sample, Math.Max(1, sample.Length / 2), _sampleCodes.Take(sample.Length))
        || dictionary.EstimateDistinctShare(values) < 0.5;

    private (CompressionCodec Codec, double Price) MeasureDictionary<T>(
        ParquetColumn column, DictionaryBuilder<T> dictionary, ReadOnlySpan<int> codes)
        where T : unmanaged
    {
        var width = BitPacking.WidthOf((uint)Math.Max(0, dictionary.Count - 1));
        var sample = TakeSample(codes);
        _encoded.Clear();
        RleEncoder.Encode(sample, width, _encoded);
        var (codec, price) = Measure(column, 0);
        price += Price(sample.Length * CodeNanoseconds);
        if (sample.Length > 0) price *= (double)codes.Length / sample.Length;
        return (codec, price + (dictionary.Count * (double)PlainEncoder.WidthOf<T>()));
    }

    private static double NanosecondsOf(ColumnEncoding encoding) => encoding switch
    {
        ColumnEncoding.DeltaBinaryPacked => DeltaNanoseconds,
        ColumnEncoding.ByteStreamSplit => StreamNanoseconds,
        _ => PlainNanoseconds,
    };

    // Who wants the smallest file pays nothing for time.
    private double Price(double nanoseconds) =>
        options.Effort == CompressionEffort.Small ? 0 : nanoseconds * BytesPerNanosecond;

    // The best codec for what is encoded, and its bytes with the price of reading them.
    private (CompressionCodec Codec, double Price) Measure(ParquetColumn column, int stream)
    {
        if ((column.Compression ?? options.Compression) is { } told) return (told, PriceOf(told, stream));
        var best = (CompressionCodec.None, PriceOf(CompressionCodec.None, stream));
        Try(CompressionCodec.Snappy, stream, ref best);
        if (options.Effort >= CompressionEffort.Balanced) Try(CompressionCodec.Gzip, stream, ref best);
        if (options.Effort == CompressionEffort.Small) Try(CompressionCodec.Brotli, stream, ref best);
        return best;
    }

    private void Try(CompressionCodec codec, int stream, ref (CompressionCodec Codec, double Price) best)
    {
        var price = PriceOf(codec, stream);
        if (price < best.Price) best = (codec, price);
    }

    private double PriceOf(CompressionCodec codec, int stream)
    {
        if (codec == CompressionCodec.None) return _encoded.Count;
        _compressed.Clear();
        _compressor.Compress(codec, _encoded.Written, stream, _compressed);
        var nanoseconds = codec switch
        {
            CompressionCodec.Snappy => Snappy.CountPieces(_compressed.Written) * SnappyNanoseconds,
            CompressionCodec.Gzip =>
                (_compressor.Literals * GzipLiteralNanoseconds) + (_compressor.Copies * GzipCopyNanoseconds),
            _ => _encoded.Count * BrotliNanoseconds,
        };
        return _compressed.Count + Price(nanoseconds);
    }
}
