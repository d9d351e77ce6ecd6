namespace Feeds.Tests.Tidy;

/// <summary>
/// Replaces comments, strings and characters of C# by blanks, so that words in them are not taken for code. What stands
/// in
/// the holes of an interpolated string is blanked too.
/// </summary>
internal static class CodeBlanker
{
    public static string Blank(string text)
    {
        var code = text.ToCharArray();
        var at = 0;
        while (at < code.Length)
        {
            var end = EndOfBlank(text, at);
            if (end == at)
            {
                at++;
                continue;
            }
            for (; at < end; at++)
                if (code[at] != '\n') code[at] = ' ';
        }
        return new string(code);
    }

    // Returns where the comment or literal that begins here ends; the same place when none begins here.
    private static int EndOfBlank(string text, int at)
    {
        var rest = text.AsSpan(at);
        if (rest.StartsWith("//")) return After(text, at, "\n") - 1;
        if (rest.StartsWith("/*")) return After(text, at + 2, "*/");
        if (rest.StartsWith("\"\"\"")) return AfterRaw(text, at);
        if (rest.StartsWith("@\"") || rest.StartsWith("@$\"") || rest.StartsWith("$@\""))
            return AfterVerbatim(text, at);
        if (rest[0] == '"') return AfterQuoted(text, at, '"');
        return rest[0] == '\'' ? AfterQuoted(text, at, '\'') : at;
    }

    private static int After(string text, int from, string mark)
    {
        var found = text.IndexOf(mark, Math.Min(from, text.Length), StringComparison.Ordinal);
        return found < 0 ? text.Length + (mark == "\n" ? 1 : 0) : found + mark.Length;
    }

    private static int AfterRaw(string text, int at)
    {
        var quotes = 0;
        while (at + quotes < text.Length && text[at + quotes] == '"') quotes++;
        return After(text, at + quotes, new string('"', quotes));
    }

    private static int AfterVerbatim(string text, int at)
    {
        at = text.IndexOf('"', at) + 1;
        while (at < text.Length)
        {
            if (text[at++] != '"') continue;
            if (at == text.Length || text[at] != '"') return at;
            at++;
        }
        return text.Length;
    }

    private static int AfterQuoted(string text, int at, char quote)
    {
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '\\') at++;
            else if (text[at] == quote) return at + 1;
            else if (text[at] == '\n') return at;
        }
        return text.Length;
    }
}
