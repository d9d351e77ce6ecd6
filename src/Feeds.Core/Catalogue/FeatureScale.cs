namespace Feeds.Core.Catalogue;

/// <summary>
/// What a feature's magnitude depends on. Levels (price, base, usd, count) tell a model of several symbols which one it
/// looks at; ratio, flag and cyclic do not.
/// </summary>
public enum FeatureScale
{
    /// <summary>A fraction, an oscillator, a score: comparable across symbols.</summary>
    Ratio,

    /// <summary>In the symbol's price.</summary>
    Price,

    /// <summary>In the symbol's base asset.</summary>
    Base,

    /// <summary>In USD.</summary>
    Usd,

    /// <summary>A count of events or a time since one.</summary>
    Count,

    /// <summary>0 or 1, or a small set of states.</summary>
    Flag,

    /// <summary>A place on a circle, −1…1.</summary>
    Cyclic,
}
