namespace Feeds.Core.Catalogue;

/// <summary>
/// The features of one kind of row, in the order of its columns, and after them the coverage columns.
/// </summary>
public sealed class FeatureSet
{
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);

    internal FeatureSet(string name, IReadOnlyList<FeatureDefinition> features, IReadOnlyList<CoverageColumn> coverage)
    {
        Name = name;
        Features = features;
        Coverage = coverage;
        Columns = [.. features.Select(f => f.Name), .. coverage.Select(c => c.Name)];
        for (int i = 0; i < Columns.Count; i++)
        {
            _index.Add(Columns[i], i);
        }
    }

    /// <summary>The set's name: <c>golden</c> or <c>wide</c>.</summary>
    public string Name { get; }

    /// <summary>The features, in the order of their columns.</summary>
    public IReadOnlyList<FeatureDefinition> Features { get; }

    /// <summary>The coverage columns, which follow the features.</summary>
    public IReadOnlyList<CoverageColumn> Coverage { get; }

    /// <summary>The names of a row's values, in their order; all are doubles.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Returns the place of a column's value in a row; −1 when there is no such column.</summary>
    public int IndexOf(string column) => _index.GetValueOrDefault(column, -1);
}
