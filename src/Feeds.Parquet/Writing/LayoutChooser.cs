using System.Runtime.InteropServices;
using Feeds.Parquet.Buffers;
using Feeds.Parquet.Compression;
using Feeds.Parquet.Encodings;
using Feeds.Parquet.Schema;

namespace Feeds.Parquet.Writing;

/// <summary>
/// Chooses encoding and compression of a chunk by trying them on a sample of its values and counting bytes. Only bytes
/// count, never time, so that the same values always become the same file.
/// </summary>
internal sealed class LayoutChooser(ParquetWriterOptions options) : IDisposable
{
    private const int SampleParts = 4;
    private const int SamplePart = 1024;

    // What must be left at most for a compressor to be worth its time when reading. GZIP is quick on byte streams,
    // where most is stored as it is, and on short codes; on plain values it is several times slower than the others.
    private const double SnappyWorth = 0.96;
    private const double GzipWorth = 0.96;
    private const double GzipWorthPlain = 0.85;

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
        var bestBytes = double.MaxValue;
        ReadOnlySpan<ColumnEncoding> all = [ColumnEncoding.Plain, ColumnEncoding.DeltaBinaryPacked,
            ColumnEncoding.ByteStreamSplit];
        foreach (var encoding in all)
        {
            if (column.Encoding is { } told ? encoding != told : !IsUsual(column, encoding)) continue;
            _encoded.Clear();
            ValueEncoder.Encode(encoding, sample, _encoded);
            var (codec, bytes) = Measure(column, encoding == ColumnEncoding.ByteStreamSplit ? sample.Length : 0,
                encoding == ColumnEncoding.Plain);
            // Joining streams and adding up deltas costs a little when reading: ask for two percent.
            bytes *= scale * (encoding == ColumnEncoding.Plain ? 1 : 1.02);
            if (bytes >= bestBytes) continue;
            bestBytes = bytes;
            best = new Layout(encoding, codec);
        }

        if (column.Encoding is null or ColumnEncoding.Dictionary)
        {
            var limit = column.Encoding is null ? Math.Min(values.Length / 2, 1 << 17) : 1 << 21;
            if (column.Encoding is null && !LooksRepetitive(values, sample, dictionary)) return best;
            if (!dictionary.TryBuild(values, limit, codes)) return best;
            var (codec, bytes) = MeasureDictionary(column, dictionary, codes);
            if (bytes < bestBytes) return new Layout(ColumnEncoding.Dictionary, codec);
        }

        return best;
    }

    /// <summary>Chooses the codec for what is already encoded in <paramref name="bytes"/>.</summary>
    public CompressionCodec ChooseCodec(ParquetColumn column, ReadOnlySpan<byte> bytes)
    {
        _encoded.Clear();
        _encoded.Write(bytes[..Math.Min(bytes.Length, 1 << 16)]);
        return Measure(column, 0, false).Codec;
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

    private (CompressionCodec Codec, double Bytes) MeasureDictionary<T>(
        ParquetColumn column, DictionaryBuilder<T> dictionary, ReadOnlySpan<int> codes)
        where T : unmanaged
    {
        var width = BitPacking.WidthOf((uint)Math.Max(0, dictionary.Count - 1));
        var sample = TakeSample(codes);
        _encoded.Clear();
        RleEncoder.Encode(sample, width, _encoded);
        var (codec, bytes) = Measure(column, 0, false);
        if (sample.Length > 0) bytes *= (double)codes.Length / sample.Length;
        return (codec, (bytes * 1.02) + (dictionary.Count * (double)PlainEncoder.WidthOf<T>()));
    }

    private (CompressionCodec Codec, double Bytes) Measure(ParquetColumn column, int stream, bool plain)
    {
        if ((column.Compression ?? options.Compression) is { } told) return (told, SizeWith(told, stream));
        var best = (Codec: CompressionCodec.None, Bytes: (double)_encoded.Count);
        var small = options.Effort == CompressionEffort.Small;
        Try(CompressionCodec.Snappy, stream, small ? 1 : SnappyWorth, ref best);
        if (options.Effort >= CompressionEffort.Balanced)
            Try(CompressionCodec.Gzip, stream, small ? 1 : plain ? GzipWorthPlain : GzipWorth, ref best);
        if (small) Try(CompressionCodec.Brotli, stream, 1, ref best);
        return best;
    }

    private void Try(CompressionCodec codec, int stream, double worth, ref (CompressionCodec Codec, double Bytes) best)
    {
        var bytes = SizeWith(codec, stream);
        if (bytes < best.Bytes * worth) best = (codec, bytes);
    }

    private double SizeWith(CompressionCodec codec, int stream)
    {
        if (codec == CompressionCodec.None) return _encoded.Count;
        _compressed.Clear();
        _compressor.Compress(codec, _encoded.Written, stream, _compressed);
        return _compressed.Count;
    }
}
