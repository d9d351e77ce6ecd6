using Feeds.Parquet.Schema;

namespace Feeds.Parquet.Writing;

/// <summary>The values of one column while rows are gathered into a row group.</summary>
internal abstract class ColumnBuffer
{
    /// <summary>How many rows have a value or are marked missing.</summary>
    public int Count { get; protected set; }

    /// <summary>Bytes that a row takes in memory.</summary>
    public abstract int RowBytes { get; }

    public static ColumnBuffer For(ParquetColumn column) => column.Type.Kind switch
    {
        ColumnKind.Boolean => new ColumnBuffer<bool>(column, 1, ColumnValues.Of),
        ColumnKind.Int32 or ColumnKind.Date => new ColumnBuffer<int>(column, 4, ColumnValues.Of),
        ColumnKind.Float => new ColumnBuffer<float>(column, 4, ColumnValues.Of),
        ColumnKind.Double => new ColumnBuffer<double>(column, 8, ColumnValues.Of),
        ColumnKind.Decimal => new ColumnBuffer<decimal>(column, 16, ColumnValues.Of),
        ColumnKind.String => new ColumnBuffer<string?>(column, 16, (values, _) => ColumnValues.Of(values)),
        _ => new ColumnBuffer<long>(column, 8, ColumnValues.Of),
    };

    public abstract void AddMissing();

    public abstract ColumnValues Take();

    public void Clear() => Count = 0;
}
