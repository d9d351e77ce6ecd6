namespace Feeds.Core.Catalogue;

/// <summary>A series whose values come from outside; one that is not set anew keeps its value.</summary>
public sealed class InputSeries : Series
{
    internal InputSeries(string key)
        : base(key)
    {
    }

    /// <summary>Sets the value of the next step; NaN when unknown.</summary>
    public void Set(double value) => Value = value;

    internal override void Step()
    {
    }
}
