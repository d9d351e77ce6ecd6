using System.Text;

namespace Feeds.Configuration;

/// <summary>The reference configuration: every key with its default, what it means and what is allowed.</summary>
internal static class ReferenceFile
{
    private const string Head = """
        # Feeds: every key with its default. All of it may be left out; a key that is not here is refused.
        # This file may be part of a larger one: sections that are not ours are left alone.
        # Each key can be set by an environment variable as well (FEEDS__DATA_FEEDS__INTERVAL_SEC=5; lists with commas),
        # and by --set KEY=VALUE. The command line wins over the environment, and that over this file.
        # Paths are relative to the working folder. "not in this build": the default is the only value allowed.

        """;

    /// <summary>Returns the text of <c>config/feeds.yaml</c>.</summary>
    public static string Write()
    {
        FeedsOptions defaults = new();
        StringBuilder text = new(Head.ReplaceLineEndings("\n"));
        string[] open = [];
        foreach (ConfigKey key in ConfigKeys.All)
        {
            string[] names = key.Path.Split('.');
            for (int depth = 0; depth < names.Length - 1; depth++)
            {
                if (open.Length > depth && open.AsSpan(0, depth + 1).SequenceEqual(names.AsSpan(0, depth + 1)))
                    continue;
                if (depth == 0) text.Append('\n');
                text.Append(' ', 2 * depth).Append(names[depth]).Append(":\n");
                open = names[..(depth + 1)];
            }
            open = names[..^1];
            Line(text, key, names, defaults);
        }
        return text.ToString();
    }

    private static void Line(StringBuilder text, ConfigKey key, string[] names, FeedsOptions defaults)
    {
        string indent = new(' ', 2 * (names.Length - 1));
        string comment = key.Lacking is null
            ? $"{key.Meaning} ({key.Allowed})" : $"not in this build: {key.Lacking} ({key.Allowed})";
        string value = $"{indent}{names[^1]}: {Quoted(key.Write(defaults))}";
        if (value.Length > 44 || value.Length + comment.Length > 110)
            text.Append(indent).Append("# ").Append(comment).Append('\n').Append(value);
        else text.Append(value.PadRight(44)).Append(" # ").Append(comment);
        text.Append('\n');
    }

    // Colons and leading brackets would be read as something else by some YAML readers.
    private static string Quoted(string value) =>
        value.Contains(':', StringComparison.Ordinal) && value[0] is not ('[' or '{' or '"') ? $"\"{value}\"" : value;
}
