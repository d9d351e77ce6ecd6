using Feeds.Core.Symbols;

namespace Feeds.Core.Catalogue;

/// <summary>Holds rows of the golden vector against others, bit for bit; what is unknown in both is the same.</summary>
public sealed class FeatureComparison
{
    /// <summary>Rows that are the same in every cell.</summary>
    public long Identical { get; private set; }

    /// <summary>Rows that differ in a cell at least.</summary>
    public long Different { get; private set; }

    /// <summary>Rows without one of the same tick on the second side.</summary>
    public long OnlyFirst { get; private set; }

    /// <summary>Rows without one of the same tick on the first side.</summary>
    public long OnlySecond { get; private set; }

    /// <summary>The first cell that differs: of the earliest tick, the first column; null when none does.</summary>
    public FeatureDifference? First { get; private set; }

    /// <summary>Compares the rows of one symbol, both in the order of their ticks.</summary>
    public void Compare(IReadOnlyList<FeatureRow> first, IReadOnlyList<FeatureRow> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        int i = 0;
        int j = 0;
        while (i < first.Count && j < second.Count)
        {
            int order = first[i].Time.CompareTo(second[j].Time);
            if (order == 0)
            {
                Compare(first[i], second[j]);
            }

            OnlyFirst += order < 0 ? 1 : 0;
            OnlySecond += order > 0 ? 1 : 0;
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }

        OnlyFirst += first.Count - i;
        OnlySecond += second.Count - j;
    }

    private void Compare(FeatureRow first, FeatureRow second)
    {
        for (int c = 0; c < first.Values.Length; c++)
        {
            double a = first.Values[c];
            double b = second.Values[c];
            if (BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b)
                || (double.IsNaN(a) && double.IsNaN(b)))
            {
                continue;
            }

            Different++;
            if (First is null || first.Time < First.Time)
            {
                First = new FeatureDifference(first.Symbol, first.Time, FeatureCatalogue.Golden.Columns[c], a, b);
            }

            return;
        }

        Identical++;
    }
}
