using Feeds.Parquet.Format;
using Feeds.Parquet.Schema;

namespace Feeds.Parquet.Reading;

/// <summary>What the footer says about one column of one row group. NaN never counts in minimum and maximum.</summary>
public sealed class ColumnStatistics
{
    private readonly ParquetColumn _column;
    private readonly byte[]? _min;
    private readonly byte[]? _max;

    internal ColumnStatistics(ParquetColumn column, RawStatistics? raw, bool ordered)
    {
        _column = column;
        NullCount = raw?.NullCount ?? -1;
        if (!ordered || !PlainValue.IsBound(column.Type, raw?.Min) || !PlainValue.IsBound(column.Type, raw?.Max))
            return;
        _min = raw!.Min;
        _max = raw.Max;
    }

    /// <summary>Missing values; −1 when the file does not say.</summary>
    public long NullCount { get; }

    /// <summary>True when the file states minimum and maximum.</summary>
    public bool HasRange => _min is not null;

    /// <summary>The smallest and the largest value; false when the file does not state them. Of text they are bounds:
    /// writers may shorten them.</summary>
    /// <exception cref="ArgumentException"><typeparamref name="T"/> is not the column's .NET type.</exception>
    public bool TryGetRange<T>(out T min, out T max)
    {
        min = max = default!;
        if (!HasRange) return false;
        try
        {
            min = PlainValue.FromBytes<T>(_column, _min!);
            max = PlainValue.FromBytes<T>(_column, _max!);
            return true;
        }
        catch (DamagedDataException)
        {
            // A decimal beyond System.Decimal: a bound that cannot be said is none.
            return false;
        }
    }

    internal bool MayContain(byte[] from, byte[] to, IComparer<byte[]> order) =>
        !HasRange || (order.Compare(_max, from) >= 0 && order.Compare(_min, to) <= 0);
}
