using System.Collections;
using Feeds.Terminal;

namespace Feeds.Configuration;

/// <summary>Keys from environment variables, <c>FEEDS__DATA_FEEDS__INTERVAL_SEC</c>; lists with commas.</summary>
internal static class ConfigEnvironment
{
    /// <summary>How our variables begin; one that begins so and is not ours is refused.</summary>
    public const string Prefix = "FEEDS__";

    /// <summary>Adds what variables say; complains of those that are no keys.</summary>
    public static void Read(IDictionary variables, Dictionary<string, ConfigNode> values, List<string> errors)
    {
        foreach (DictionaryEntry variable in variables)
        {
            string name = (string)variable.Key;
            if (!name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) continue;
            ConfigKey? key = ConfigKeys.All.FirstOrDefault(
                k => string.Equals(k.Variable, name, StringComparison.OrdinalIgnoreCase));
            if (key is not null)
            {
                string text = (string?)variable.Value ?? "";
                values[key.Path] = Value(text, PlainText.Of(name));
                continue;
            }
            string? near = ConfigKeys.Near(name.ToUpperInvariant(), ConfigKeys.All.Select(static k => k.Variable));
            errors.Add($"{PlainText.Of(name)}: unknown variable{(near is null ? "" : $" (did you mean {near}?)")}");
        }
    }

    /// <summary>
    /// Returns the value of a text that no YAML reader has seen: <c>null</c> and nothing are null, <c>[a, b]</c> a
    /// list.
    /// </summary>
    public static ConfigNode Value(string text, string origin)
    {
        if (text is "" or "null") return new ConfigNode { Origin = origin };
        ConfigNode whole = ConfigNode.OfText(text, origin);
        if (!text.StartsWith('[') || !text.EndsWith(']')) return whole;
        return new ConfigNode { Origin = origin, Items = ListReading.Items(whole with { Text = text[1..^1] }) };
    }
}
