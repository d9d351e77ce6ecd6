using Feeds.Core.Catalogue;

namespace Feeds.Core.Symbols;

/// <summary>The columns of the golden vector bound to one symbol's state: reading them gives a row's values.</summary>
internal sealed class GoldenReaders
{
    private readonly GoldenState _state;
    private readonly Func<double>[] _values;
    private readonly int[] _coverageOf;
    private readonly double[] _minimum;

    public GoldenReaders(GoldenState state)
    {
        _state = state;
        FeatureSet set = FeatureCatalogue.Golden;
        _values = [.. GoldenFeatures.All.Select(f => f.Bind(state))];
        _coverageOf = [.. set.Features.Select(f => f.CoverageColumn is null ? -1 : set.IndexOf(f.CoverageColumn))];
        _minimum = [.. set.Features.Select(f => f.MinimumCoverage)];
    }

    /// <summary>Returns the row's values; a feature whose window was observed too little is NaN.</summary>
    public double[] Read()
    {
        FeatureSet set = FeatureCatalogue.Golden;
        double[] row = new double[set.Columns.Count];
        for (int i = 0; i < set.Coverage.Count; i++)
        {
            CoverageColumn column = set.Coverage[i];
            row[_values.Length + i] = _state.Coverage(column.Feed, column.WindowMs);
        }

        for (int i = 0; i < _values.Length; i++)
        {
            int coverage = _coverageOf[i];
            double value = coverage < 0 || row[coverage] >= _minimum[i] ? _values[i]() : double.NaN;
            row[i] = double.IsFinite(value) ? value : double.NaN;
        }

        return row;
    }
}
