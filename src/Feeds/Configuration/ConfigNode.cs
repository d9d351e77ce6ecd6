namespace Feeds.Configuration;

/// <summary>A value as it was written, with where: a text, a list or a map.</summary>
internal sealed record ConfigNode
{
    /// <summary>Where it was written, such as <c>feeds.yaml:7</c>, <c>environment</c> or <c>--interval</c>.</summary>
    public required string Origin { get; init; }

    /// <summary>The text; null for a list, a map, or YAML's null.</summary>
    public string? Text { get; init; }

    /// <summary>The items of a list; null when it is none.</summary>
    public IReadOnlyList<ConfigNode>? Items { get; init; }

    /// <summary>The entries of a map in their order, doubles included; null when it is none.</summary>
    public IReadOnlyList<KeyValuePair<string, ConfigNode>>? Entries { get; init; }

    /// <summary>True for YAML's null: nothing, <c>~</c> or <c>null</c> without quotes.</summary>
    public bool IsNull => Text is null && Items is null && Entries is null;

    /// <summary>Makes a text.</summary>
    public static ConfigNode OfText(string text, string origin) => new() { Origin = origin, Text = text };

    /// <summary>Returns the value on one line, as flow YAML, at most 80 characters, safe to show.</summary>
    public string Show()
    {
        string text = Terminal.PlainText.Of(Whole());
        return text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 79), "…");
    }

    private string Whole()
    {
        if (IsNull) return "null";
        if (Items is not null) return $"[{string.Join(", ", Items.Take(20).Select(static item => item.Whole()))}]";
        if (Entries is null) return Text!.Length == 0 ? "''" : Text;
        return $"{{ {string.Join(", ", Entries.Take(20).Select(static e => $"{e.Key}: {e.Value.Whole()}"))} }}";
    }
}
