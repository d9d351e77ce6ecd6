using Feeds.Binance.Wire;

namespace Feeds.Engine.Streams;

/// <summary>
/// A number per kind of stream and symbol: when its newest data came, or its newest position. Written by one receive
/// loop at a time, without a lock and without allocating but for new symbols; read from any thread.
/// </summary>
internal sealed class StreamPulses
{
    private static readonly int Kinds = Enum.GetValues<StreamKind>().Length;

    private readonly long[][] _values = [.. Enumerable.Range(0, Kinds).Select(static _ => Array.Empty<long>())];

    /// <summary>The number; 0 when none was set.</summary>
    public long this[StreamKind kind, int symbolIndex]
    {
        get
        {
            long[] values = Volatile.Read(ref _values[(int)kind]);
            return (uint)symbolIndex < (uint)values.Length ? Volatile.Read(ref values[symbolIndex]) : 0;
        }

        set
        {
            long[] values = _values[(int)kind];
            if ((uint)symbolIndex >= (uint)values.Length)
            {
                values = Grow(kind, symbolIndex);
            }

            Volatile.Write(ref values[symbolIndex], value);
        }
    }

    private long[] Grow(StreamKind kind, int symbolIndex)
    {
        long[] values = _values[(int)kind];
        Array.Resize(ref values, Math.Max(16, (symbolIndex + 1) * 2));
        Volatile.Write(ref _values[(int)kind], values);
        return values;
    }
}
