using Feeds.Parquet.Schema;

namespace Feeds.Parquet.Writing;

/// <summary>The typed half of <see cref="ColumnBuffer"/>.</summary>
internal sealed class ColumnBuffer<T>(
    ParquetColumn column, int rowBytes, Func<ReadOnlyMemory<T>, ReadOnlyMemory<bool>, ColumnValues> make) : ColumnBuffer
{
    private T[] _values = new T[64];
    private bool[] _valid = [];
    private bool _holes;

    public override int RowBytes => rowBytes + 1;

    public void Add(T value)
    {
        if (Count == _values.Length) Array.Resize(ref _values, Count * 2);
        _values[Count] = value;
        if (_holes) Mark(true);
        Count++;
    }

    public override void AddMissing()
    {
        if (!column.Nullable)
            throw new InvalidOperationException(
                $"Column '{column.Name}' is not nullable and has no value in this row.");
        if (Count == _values.Length) Array.Resize(ref _values, Count * 2);
        _values[Count] = default!;
        if (!_holes)
        {
            _holes = true;
            if (_valid.Length < _values.Length) Array.Resize(ref _valid, _values.Length);
            _valid.AsSpan(0, Count).Fill(true);
        }

        Mark(false);
        Count++;
    }

    public override ColumnValues Take()
    {
        var values = make(_values.AsMemory(0, Count), _holes ? _valid.AsMemory(0, Count) : default);
        _holes = false;
        return values;
    }

    private void Mark(bool there)
    {
        if (_valid.Length < _values.Length) Array.Resize(ref _valid, _values.Length);
        _valid[Count] = there;
    }
}
