using System.Globalization;
using Feeds.Core.Market;

namespace Feeds.Configuration;

/// <summary>True or false.</summary>
internal sealed class BoolKind : ValueKind<bool>
{
    public override string Allowed => "true or false";

    public override string Write(bool value) => value ? "true" : "false";

    public override bool TryRead(ConfigNode node, out bool value, out string error)
    {
        error = $"must be {Allowed}";
        value = node.Text is "true" or "True" or "TRUE";
        return value || node.Text is "false" or "False" or "FALSE";
    }
}

/// <summary>A whole number within bounds, both included.</summary>
internal sealed class IntKind(int min, int max) : ValueKind<int>
{
    public override string Allowed => $"a whole number, {min}…{max}";

    public override string Write(int value) => value.ToString(CultureInfo.InvariantCulture);

    public override bool TryRead(ConfigNode node, out int value, out string error)
    {
        error = $"must be {Allowed}";
        if (!int.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value))
            return false;
        if (value < min) error = $"must be at least {min}";
        else if (value > max) error = $"must be at most {max}";
        return value >= min && value <= max;
    }
}

/// <summary>One of a few words, or of a few numbers.</summary>
internal sealed class ChoiceKind<T>(params (string Word, T Value)[] choices) : ValueKind<T>
{
    public override string Allowed => Terminal.PlainText.Either(choices.Select(static c => c.Word));

    public override string Write(T value) => choices.First(c => Equals(c.Value, value)).Word;

    public override bool TryRead(ConfigNode node, out T value, out string error)
    {
        error = $"must be {Allowed}";
        value = choices[0].Value;
        foreach ((string word, T choice) in choices)
        {
            if (!string.Equals(word, node.Text, StringComparison.OrdinalIgnoreCase)) continue;
            value = choice;
            return true;
        }
        return false;
    }
}

/// <summary>A text that is not empty and has no control characters; null where that is allowed.</summary>
internal sealed class TextKind(string allowed, bool orNull) : ValueKind<string?>
{
    public override string Allowed => orNull ? $"{allowed}, or null" : allowed;

    public override string Write(string? value) => value ?? "null";

    public override bool TryRead(ConfigNode node, out string? value, out string error)
    {
        error = $"must be {Allowed}";
        value = node.Text;
        return node.IsNull ? orNull : !string.IsNullOrWhiteSpace(value) && !value.Any(char.IsControl);
    }
}

/// <summary>A secret text; null for none.</summary>
internal sealed class SecretKind(string allowed, int minLength) : ValueKind<Secret?>
{
    public override string Allowed => $"{allowed}, or null";

    public override string Write(Secret? value) => value is null ? "null" : Secret.Mask;

    public override bool TryRead(ConfigNode node, out Secret? value, out string error)
    {
        error = $"must be {Allowed}";
        value = null;
        if (node.IsNull) return true;
        if (!IsFit(node.Text)) return false;
        value = new Secret(node.Text!);
        return true;
    }

    /// <summary>True when a text will do as such a secret.</summary>
    public bool IsFit(string? text) => text?.Length >= minLength && !text.Any(static c => char.IsControl(c));
}

/// <summary>A list of words out of a few.</summary>
internal sealed class WordsKind(params string[] words) : ValueKind<IReadOnlyList<string>>
{
    public override string Allowed => $"a list of {string.Join(", ", words)}";

    public override string Write(IReadOnlyList<string> value) => $"[{string.Join(", ", value)}]";

    public override bool TryRead(ConfigNode node, out IReadOnlyList<string> value, out string error)
    {
        error = $"must be {Allowed}";
        IReadOnlyList<ConfigNode>? items = ListReading.Items(node);
        value = [.. items?.Select(static item => item.Text ?? "") ?? []];
        return items is not null && value.All(words.Contains) && value.Distinct().Count() == value.Count;
    }
}

/// <summary>A list of host names or addresses, without ports.</summary>
internal sealed class HostsKind : ValueKind<IReadOnlyList<string>>
{
    public override string Allowed => "a list of host names or addresses, without ports";

    public override string Write(IReadOnlyList<string> value) => $"[{string.Join(", ", value)}]";

    public override bool TryRead(ConfigNode node, out IReadOnlyList<string> value, out string error)
    {
        error = $"must be {Allowed}";
        IReadOnlyList<ConfigNode>? items = ListReading.Items(node);
        value = [.. items?.Select(static item => item.Text ?? "") ?? []];
        return items is not null && value.All(static host => Uri.CheckHostName(host) != UriHostNameType.Unknown);
    }
}

/// <summary>How lists come in: as YAML lists, or as texts with commas where only a text can be given.</summary>
internal static class ListReading
{
    /// <summary>Returns the items of a list or of a comma-separated text; null when it is neither.</summary>
    public static IReadOnlyList<ConfigNode>? Items(ConfigNode node)
    {
        if (node.Items is not null || node.Text is null) return node.Items;
        return [.. node.Text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(text => ConfigNode.OfText(text, node.Origin))];
    }

    /// <summary>Reads symbols, each once. Null when one is not fit, with what is wrong.</summary>
    public static IReadOnlyList<Symbol>? Symbols(ConfigNode node, out string error)
    {
        error = "must be a list of symbols, such as [BTCUSDT, ETHUSDT]";
        if (Items(node) is not { } items) return null;
        List<Symbol> symbols = [];
        foreach (ConfigNode item in items)
        {
            if (!Symbol.TryParse(item.Text, out Symbol? symbol, out string? fault))
            {
                error = fault;
                return null;
            }
            if (symbol.Text.Any(char.IsAsciiLetterLower))
            {
                error = $"{symbol}: the exchange writes symbols in upper case: {symbol.Text.ToUpperInvariant()}";
                return null;
            }
            if (symbols.Contains(symbol))
            {
                error = $"{symbol} is named twice";
                return null;
            }
            symbols.Add(symbol);
        }
        return symbols;
    }
}
