using System.Globalization;
using Feeds.Core.Numerics;

namespace Feeds.Core.Catalogue;

/// <summary>
/// The series of one grid and how each is made of others. A series that is asked for twice is made once, so features
/// share what they have in common; each step moves every series by one value, in the order in which they were made.
/// </summary>
public sealed partial class SeriesGraph
{
    private readonly Dictionary<string, Series> _byKey = new(StringComparer.Ordinal);
    private readonly List<Series> _order = [];

    /// <summary>All series, in the order of their steps.</summary>
    public IReadOnlyList<Series> All => _order;

    /// <summary>Moves every series to the next grid value; set the inputs first.</summary>
    public void Step()
    {
        foreach (Series series in _order)
        {
            series.Step();
        }
    }

    /// <summary>Returns the input of a name.</summary>
    public InputSeries Input(string name) => (InputSeries)Make(name, static key => new InputSeries(key));

    /// <summary>
    /// Returns a series that reads its value off a state at each step; the name stands for what is read.
    /// </summary>
    public Series Read(string name, Func<double> read) => Make(name, key => new MapSeries(key, read));

    /// <summary>
    /// Returns f of one series. The name stands for the function: the same name must mean the same function.
    /// </summary>
    public Series Map(string name, Series a, Func<double, double> f) =>
        Make($"{name}({a.Key})", key => new MapSeries(key, () => f(a.Value)));

    /// <summary>Returns f of two series.</summary>
    public Series Map(string name, Series a, Series b, Func<double, double, double> f) =>
        Make($"{name}({a.Key},{b.Key})", key => new MapSeries(key, () => f(a.Value, b.Value)));

    /// <summary>Returns f of three series.</summary>
    public Series Map(string name, Series a, Series b, Series c, Func<double, double, double, double> f) =>
        Make($"{name}({a.Key},{b.Key},{c.Key})", key => new MapSeries(key, () => f(a.Value, b.Value, c.Value)));

    /// <summary>Writes every series that has a state of its own as a section named by its key.</summary>
    public void Save(StateWriter writer)
    {
        foreach (Series series in _order)
        {
            if (!series.IsPure)
            {
                writer.WriteSection(series.Key, Version, series);
            }
        }
    }

    /// <summary>
    /// Reads every series that was saved and works out the others. Returns how many that should have been saved were
    /// not, or in another version: those begin anew.
    /// </summary>
    public int Load(ref StateReader reader)
    {
        int missing = 0;
        foreach (Series series in _order)
        {
            if (series.IsPure)
            {
                series.Step();
            }
            else if (!reader.TryLoadSection(series.Key, Version, series))
            {
                missing++;
            }
        }

        return missing;
    }

    // The version of the operators' saved state; one more when a series keeps something else under the same key.
    private const int Version = 1;

    private static string Key(string name, Series x, params ReadOnlySpan<int> arguments)
    {
        string key = $"{name}({x.Key}";
        foreach (int argument in arguments)
        {
            key += "," + argument.ToString(CultureInfo.InvariantCulture);
        }

        return key + ")";
    }

    private Series Make(string key, Func<string, Series> make)
    {
        if (!_byKey.TryGetValue(key, out Series? series))
        {
            series = make(key);
            _byKey.Add(key, series);
            _order.Add(series);
        }

        return series;
    }
}
