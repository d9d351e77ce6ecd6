using System.Globalization;
using System.Text;

namespace Feeds.Terminal;

/// <summary>
/// Text from elsewhere made safe for a terminal or a log: one line, nothing that a terminal would obey.
/// </summary>
internal static class PlainText
{
    /// <summary>
    /// Returns the text with control characters, line separators, format characters (such as right-to-left marks) and
    /// private ones written as escapes: <c>\n</c>, <c>\x1b</c>, <c>\u202e</c>; lone surrogates become U+FFFD. What
    /// needs none comes back as it is.
    /// </summary>
    public static string Of(string text)
    {
        int first = FirstUnsafe(text);
        if (first < 0) return text;
        StringBuilder safe = new(text.Length + 16);
        safe.Append(text, 0, first);
        foreach (Rune rune in text.AsSpan(first).EnumerateRunes())
        {
            if (IsSafe(rune)) safe.Append(rune);
            else safe.Append(Escape(rune));
        }
        return safe.ToString();
    }

    /// <summary>Returns words as a choice: <c>a, b or c</c>.</summary>
    public static string Either(IEnumerable<string> words)
    {
        string[] all = [.. words];
        return all.Length < 2 ? string.Concat(all) : $"{string.Join(", ", all[..^1])} or {all[^1]}";
    }

    private static int FirstUnsafe(string text)
    {
        int position = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (!IsSafe(rune) || (rune == Rune.ReplacementChar && char.IsSurrogate(text[position]))) return position;
            position += rune.Utf16SequenceLength;
        }
        return -1;
    }

    // A lone surrogate comes as U+FFFD.
    private static bool IsSafe(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control
        or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse);

    private static string Escape(Rune rune) => rune.Value switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        < 0x100 => string.Create(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}"),
    };
}
