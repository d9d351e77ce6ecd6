using Feeds.Parquet.Schema;
using Feeds.Parquet.Writing;

namespace Feeds.Benchmarks.Parquet;

/// <summary>A table in memory, cut into row groups, and the columns that a reader asks for.</summary>
internal sealed record BenchmarkTable(
    string Name, ParquetSchema Schema, IReadOnlyList<ColumnValues[]> RowGroups, int Rows, string[] Projection)
{
    /// <summary>Writes the table and returns the file's length.</summary>
    public long Write(string path, ParquetWriterOptions options)
    {
        using var writer = ParquetFileWriter.Create(path, Schema, options);
        foreach (var group in RowGroups) writer.WriteRowGroup(group);
        writer.Finish();
        return writer.Length;
    }
}
