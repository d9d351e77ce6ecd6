using System.Globalization;
using System.Text;

namespace Feeds.Http;

/// <summary>Writes samples in Prometheus' text format, version 0.0.4.</summary>
internal static class PrometheusText
{
    /// <summary>The content type of the format.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>
    /// Returns an instrument's name as Prometheus wants it: <c>feeds.rows.written</c> becomes
    /// <c>feeds_rows_written</c>.
    /// </summary>
    public static string Name(string instrument, string? unit, bool isCounter)
    {
        StringBuilder name = new(instrument.Length + 16);
        foreach (char c in instrument) name.Append(char.IsAsciiLetterOrDigit(c) || c == ':' ? c : '_');
        if (char.IsAsciiDigit(name[0])) name.Insert(0, '_');
        string suffix = unit switch { "s" => "_seconds", "By" => "_bytes", "ms" => "_milliseconds", _ => "" };
        Append(name, suffix);
        if (isCounter) Append(name, "_total");
        return name.ToString();
    }

    /// <summary>Writes help and type of a family of samples.</summary>
    public static void Head(StringBuilder text, string name, string type, string? help)
    {
        if (!string.IsNullOrEmpty(help))
        {
            text.Append("# HELP ").Append(name).Append(' ')
                .Append(help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace(
                    "\n", "\\n", StringComparison.Ordinal)).Append('\n');
        }
        text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
    }

    /// <summary>Writes one sample.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="name">The family's name, with <c>_bucket</c> and the like.</param>
    /// <param name="labels">Labels as <see cref="Labels"/> made them; empty for none.</param>
    /// <param name="value">The value; NaN and infinities are allowed.</param>
    public static void Sample(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    /// <summary>Returns tags as labels, sorted by name, without the braces.</summary>
    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty) return "";
        SortedDictionary<string, string> sorted = new(StringComparer.Ordinal);
        foreach ((string key, object? value) in tags)
            sorted[Name(key, null, isCounter: false)] = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return string.Join(',', sorted.Select(static label => $"{label.Key}=\"{Escape(label.Value)}\""));
    }

    /// <summary>Returns a number in the format's spelling.</summary>
    public static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static string Escape(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);

    private static void Append(StringBuilder name, string suffix)
    {
        if (suffix.Length == 0) return;
        string text = name.ToString();
        if (!text.EndsWith(suffix, StringComparison.Ordinal)) name.Append(suffix);
    }
}
