using Feeds.Core.Numerics;

namespace Feeds.Core.Symbols;

/// <summary>The mean latency of stream messages since the last row.</summary>
internal sealed class LatencyMean : ISavedState
{
    private double _sum;
    private long _count;

    public void Add(double latencyMs)
    {
        _sum += latencyMs;
        _count++;
    }

    /// <summary>Returns the mean in ms, NaN without messages, and begins anew.</summary>
    public double Take()
    {
        double mean = _count == 0 ? double.NaN : _sum / _count;
        _sum = 0;
        _count = 0;
        return mean;
    }

    public void Save(StateWriter writer)
    {
        writer.WriteDouble(_sum);
        writer.WriteInt64(_count);
    }

    public void Load(ref StateReader reader)
    {
        _sum = reader.ReadDouble();
        _count = reader.ReadInt64();
    }
}
