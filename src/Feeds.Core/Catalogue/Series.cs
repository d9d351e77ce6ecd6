using Feeds.Core.Numerics;

namespace Feeds.Core.Catalogue;

/// <summary>One column of numbers on a grid (the bars of one length), of which the newest value is kept.</summary>
public abstract class Series : ISavedState
{
    private double _value = double.NaN;

    private protected Series(string key) => Key = key;

    /// <summary>
    /// What the series is, such as <c>ema(close,12)</c>; unique in its graph and the name of its saved section.
    /// </summary>
    public string Key { get; }

    /// <summary>The newest value; NaN when unknown, never infinite.</summary>
    public double Value
    {
        get => _value;
        private protected set => _value = double.IsFinite(value) ? value : double.NaN;
    }

    /// <summary>True when the value follows from other series' newest values, so that nothing need be saved.</summary>
    internal virtual bool IsPure => false;

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.WriteDouble(_value);
        SaveState(writer);
    }

    /// <inheritdoc/>
    public void Load(ref StateReader reader)
    {
        _value = reader.ReadDouble();
        LoadState(ref reader);
    }

    /// <summary>Moves to the next grid value; the series it is made of have moved already.</summary>
    internal abstract void Step();

    private protected virtual void SaveState(StateWriter writer)
    {
    }

    private protected virtual void LoadState(ref StateReader reader)
    {
    }
}
