using Feeds.Core.Market;

namespace Feeds.Core.Symbols;

/// <summary>
/// The features of one symbol at one time: as many values, in the same order, as the feature set of the catalogue has
/// columns. Unknown is NaN; no value is infinite.
/// </summary>
public sealed class FeatureRow
{
    private readonly double[] _values;

    /// <summary>Makes a row that holds on to the values.</summary>
    public FeatureRow(long time, Symbol symbol, double[] values)
    {
        Time = time;
        Symbol = symbol;
        _values = values;
    }

    /// <summary>Epoch ms: the tick of a live row, the end of its bar for a row of bars.</summary>
    public long Time { get; }

    /// <summary>Whose row.</summary>
    public Symbol Symbol { get; }

    /// <summary>The values in the order of the set's columns.</summary>
    public ReadOnlySpan<double> Values => _values;
}
