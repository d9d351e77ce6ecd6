using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Feeds.Tests.Program.Http;

/// <summary>One sample of Prometheus' text format.</summary>
internal sealed record PrometheusSample(string Name, IReadOnlyDictionary<string, string> Labels, double Value);

/// <summary>
/// A strict reader of Prometheus' text format 0.0.4: what it reads, Prometheus reads, and its linter has nothing to
/// say.
/// </summary>
internal sealed partial class PrometheusSamples
{
    private readonly List<PrometheusSample> _samples = [];
    private readonly HashSet<string> _closed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private string _family = "";
    private string _type = "";

    public IEnumerable<PrometheusSample> this[string name] => _samples.Where(sample => sample.Name == name);

    public static PrometheusSamples Parse(string text)
    {
        if (!text.EndsWith('\n')) throw new FormatException("the last line has no end");
        PrometheusSamples samples = new();
        foreach (string line in text[..^1].Split('\n')) samples.Read(line);
        samples.EndFamily();
        return samples;
    }

    [GeneratedRegex("^[a-zA-Z_:][a-zA-Z0-9_:]*$")]
    private static partial Regex NameShape();

    [GeneratedRegex("^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)\\})? (\\S+)$")]
    private static partial Regex SampleShape();

    [GeneratedRegex("^[-+]?([0-9]+([.][0-9]+)?([eE][-+]?[0-9]+)?|Inf)$|^NaN$")]
    private static partial Regex NumberShape();

    private void Read(string line)
    {
        if (line.StartsWith("# HELP ", StringComparison.Ordinal))
        {
            Begin(line[7..].Split(' ')[0], "");
        }
        else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
        {
            string[] words = line[7..].Split(' ');
            if (words is not [_, "counter" or "gauge" or "histogram"]) throw new FormatException(line);
            if (words[0] == _family && _type.Length == 0) _type = words[1];
            else Begin(words[0], words[1]);
            if (_type == "counter" && !_family.EndsWith("_total", StringComparison.Ordinal))
                throw new FormatException($"{line}: no _total");
        }
        else
        {
            Match match = SampleShape().Match(line);
            if (!match.Success || !NumberShape().IsMatch(match.Groups[3].Value)) throw new FormatException(line);
            Add(new PrometheusSample(
                match.Groups[1].Value, Labels(match.Groups[2].Value), Number(match.Groups[3].Value)), line);
        }
    }

    private void Begin(string family, string type)
    {
        if (!NameShape().IsMatch(family)) throw new FormatException(family);
        EndFamily();
        if (!_closed.Add(family)) throw new FormatException($"{family} twice");
        _family = family;
        _type = type;
    }

    private void Add(PrometheusSample sample, string line)
    {
        string suffix = sample.Name.StartsWith(_family, StringComparison.Ordinal) ? sample.Name[_family.Length..] : "?";
        bool belongs = _type == "histogram" ? suffix is "_bucket" or "_sum" or "_count" : suffix.Length == 0
            && _type.Length > 0;
        if (!belongs) throw new FormatException($"not of {_family}: {line}");
        if (_type == "counter" && !(sample.Value >= 0)) throw new FormatException($"a counter below 0: {line}");
        if (!_seen.Add(line[..line.LastIndexOf(' ')])) throw new FormatException($"twice: {line}");
        _samples.Add(sample);
    }

    // Of each label set: buckets rise up to +Inf, which is the count; there is a sum.
    private void EndFamily()
    {
        if (_type != "histogram") return;
        foreach (IGrouping<string, PrometheusSample> series in _samples.Where(
            s => s.Name.StartsWith(_family + "_", StringComparison.Ordinal))
            .GroupBy(
                static s => string.Join(
                    ',', s.Labels.Where(static l => l.Key != "le").OrderBy(static l => l.Key, StringComparer.Ordinal))))
        {
            double[] bounds = [.. series.Where(s => s.Name == _family + "_bucket").Select(
                static s => Number(s.Labels["le"]))];
            double[] counts = [.. series.Where(s => s.Name == _family + "_bucket").Select(static s => s.Value)];
            if (!bounds.SequenceEqual(bounds.Order()) || !counts.SequenceEqual(counts.Order())
                || bounds is not [.., double.PositiveInfinity]
                || series.Single(s => s.Name == _family + "_count").Value != counts[^1]
                || series.Count(s => s.Name == _family + "_sum") != 1)
            {
                throw new FormatException($"{_family}{{{series.Key}}} is no histogram");
            }
        }
    }

    private static Dictionary<string, string> Labels(string text)
    {
        Dictionary<string, string> labels = new(StringComparer.Ordinal);
        int at = 0;
        while (at < text.Length)
        {
            int equals = text.IndexOf("=\"", at, StringComparison.Ordinal);
            if (equals < 0 || !NameShape().IsMatch(text[at..equals])
                || text[at..equals].Contains(':', StringComparison.Ordinal)) throw new FormatException(text);
            StringBuilder value = new();
            int end = equals + 2;
            for (; end < text.Length && text[end] != '"'; end++)
            {
                if (text[end] != '\\')
                {
                    value.Append(text[end]);
                    continue;
                }

                value.Append(
                    text[++end] switch { '\\' => '\\', '"' => '"', 'n' => '\n', _ => throw new FormatException(text) });
            }

            if (end >= text.Length || !labels.TryAdd(text[at..equals], value.ToString()))
                throw new FormatException(text);
            at = end + 1;
            if (at < text.Length && text[at++] != ',') throw new FormatException(text);
        }

        return labels;
    }

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };
}
