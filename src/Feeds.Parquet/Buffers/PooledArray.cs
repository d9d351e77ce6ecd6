using System.Buffers;

namespace Feeds.Parquet.Buffers;

/// <summary>An array from the shared pool that is kept and only ever grows; its content is lost when it
/// grows.</summary>
internal struct PooledArray<T>
{
    private T[]? _array;

    /// <summary>At least <paramref name="count"/> elements of unknown content.</summary>
    public Span<T> Take(int count)
    {
        if (_array is null || _array.Length < count)
        {
            Return();
            _array = ArrayPool<T>.Shared.Rent(Math.Max(count, 16));
        }

        return _array.AsSpan(0, count);
    }

    public void Return()
    {
        if (_array is not null) ArrayPool<T>.Shared.Return(_array);
        _array = null;
    }
}
