using BenchmarkDotNet.Attributes;
using Feeds.Parquet.Reading;
using Feeds.Parquet.Schema;
using Feeds.Parquet.Writing;

namespace Feeds.Benchmarks.Parquet;

/// <summary>
/// One row group of 100,000 feature rows (time, symbol, sixty doubles) to memory and back, on one thread. The baseline
/// writes plain values without compression, which is little more than copying.
/// </summary>
[MemoryDiagnoser]
public class ParquetBenchmarks : IDisposable
{
    private const int Rows = 100_000;

    private readonly MemoryStream _stream = new(64 << 20);
    private readonly double[] _values = new double[Rows];
    private BenchmarkTable? _table;
    private ParquetSchema? _plain;
    private byte[] _file = [];

    [GlobalSetup]
    public void Setup()
    {
        _table = FeatureTable.Make(Rows, 1);
        _plain = new ParquetSchema(_table.Schema.Select(c =>
            c with { Encoding = ColumnEncoding.Plain, Compression = CompressionCodec.None }));
        WriteMeasured();
        _file = _stream.ToArray();
    }

    [GlobalCleanup]
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _stream.Dispose();
    }

    [Benchmark(Baseline = true)]
    public long WritePlain() => Write(_plain!, ParquetWriterOptions.Default);

    [Benchmark]
    public long WriteMeasured() => Write(_table!.Schema, ParquetWriterOptions.Default);

    [Benchmark]
    public long WriteFast() => Write(_table!.Schema, new ParquetWriterOptions { Effort = CompressionEffort.Fast });

    [Benchmark]
    public double ReadProjected()
    {
        using var file = ParquetFileReader.Open(_file);
        foreach (var column in _table!.Projection) file.RowGroups[0].Read(column, _values);
        return _values[^1];
    }

    private long Write(ParquetSchema schema, ParquetWriterOptions options)
    {
        _stream.Position = 0;
        _stream.SetLength(0);
        using var writer = ParquetFileWriter.Create(_stream, schema, options);
        foreach (var group in _table!.RowGroups) writer.WriteRowGroup(group);
        writer.Finish();
        return writer.Length;
    }
}
