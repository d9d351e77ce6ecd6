using Feeds.Core.Numerics;
using Feeds.Core.Operators;

namespace Feeds.Core.Catalogue;

// The series that a graph makes. Each moves one operator by one value; what it computes is said at the graph's methods.

internal sealed class MapSeries(string key, Func<double> compute) : Series(key)
{
    internal override bool IsPure => true;

    internal override void Step() => Value = compute();
}

internal sealed class EmaSeries(string key, Series x, int span) : Series(key)
{
    private readonly Ema _ema = new(span);

    internal override void Step()
    {
        _ema.Add(x.Value);

        // A recursion that meets NaN gives NaN at that row and keeps its state.
        Value = double.IsNaN(x.Value) ? double.NaN : _ema.Value;
    }

    private protected override void SaveState(StateWriter writer) => _ema.Save(writer);

    private protected override void LoadState(ref StateReader reader) => _ema.Load(ref reader);
}

internal sealed class WilderSeries(string key, Series x, int length) : Series(key)
{
    private readonly Wilder _wilder = new(length);

    internal override void Step()
    {
        _wilder.Add(x.Value);
        Value = double.IsNaN(x.Value) ? double.NaN : _wilder.Value;
    }

    private protected override void SaveState(StateWriter writer) => _wilder.Save(writer);

    private protected override void LoadState(ref StateReader reader) => _wilder.Load(ref reader);
}

internal sealed class LagSeries(string key, Series x, int steps) : Series(key)
{
    private readonly RollingWindow _window = new(steps + 1);

    internal override void Step()
    {
        _window.Add(x.Value);
        Value = _window.IsFull ? _window[steps] : double.NaN;
    }

    private protected override void SaveState(StateWriter writer) => _window.Save(writer);

    private protected override void LoadState(ref StateReader reader) => _window.Load(ref reader);
}

internal sealed class AggregateSeries<T>(string key, int length, Func<T> leaf, Func<T, double> measure) : Series(key)
    where T : unmanaged, IAggregate<T>
{
    private readonly SlidingAggregate<T> _window = new(length);

    internal override void Step()
    {
        _window.Add(leaf());
        Value = _window.IsFull ? measure(_window.Value) : double.NaN;
    }

    private protected override void SaveState(StateWriter writer) => _window.Save(writer);

    private protected override void LoadState(ref StateReader reader) => _window.Load(ref reader);
}

internal sealed class WindowSeries(string key, Series x, int length, Func<RollingWindow, double> measure) : Series(key)
{
    private readonly RollingWindow _window = new(length);

    internal override void Step()
    {
        _window.Add(x.Value);
        Value = measure(_window);
    }

    private protected override void SaveState(StateWriter writer) => _window.Save(writer);

    private protected override void LoadState(ref StateReader reader) => _window.Load(ref reader);
}

internal sealed class WarmSeries(string key, Series x, int steps) : Series(key)
{
    private int _count;

    internal override void Step()
    {
        _count = Math.Min(_count + 1, steps);
        Value = _count == steps ? x.Value : double.NaN;
    }

    private protected override void SaveState(StateWriter writer) => writer.WriteInt32(_count);

    private protected override void LoadState(ref StateReader reader) => _count = reader.ReadInt32();
}
