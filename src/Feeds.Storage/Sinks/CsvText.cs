using System.Buffers;
using System.Globalization;
using System.Text;

namespace Feeds.Storage.Sinks;

/// <summary>
/// Cells of text. A spreadsheet runs a cell that begins with <c>= + - @</c> (also in their full-width forms) as a
/// formula: such text, and one that begins with white space or an apostrophe, gets an apostrophe in front. Control
/// characters and backslashes are written as <c>\n</c>, <c>\\</c>, <c>\u0007</c>, so that a row is always one line and
/// a torn one is always found. Both can be read back without doubt.
/// </summary>
public static class CsvText
{
    /// <summary>Writes a text as a cell, quoted where RFC 4180 asks for it.</summary>
    public static void Write(string text, IBufferWriter<byte> output)
    {
        if (IsPlain(text))
        {
            Encoding.UTF8.GetBytes(text, output);
            return;
        }

        string harmless = Escape(text);
        if (harmless.AsSpan().IndexOfAny(',', '"') >= 0)
        {
            harmless = $"\"{harmless.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        }

        Encoding.UTF8.GetBytes(harmless, output);
    }

    /// <summary>Returns the text that <see cref="Write"/> was given, from a cell as it stands in a line.</summary>
    public static string Read(string cell)
    {
        string text = cell.Length >= 2 && cell[0] == '"' && cell[^1] == '"'
            ? cell[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal)
            : cell;
        if (text.Length > 0 && text[0] == '\'')
        {
            text = text[1..];
        }

        return text.Contains('\\', StringComparison.Ordinal) ? Unescape(text) : text;
    }

    private static bool IsPlain(string text)
    {
        if (text.Length > 0 && NeedsApostrophe(text[0]))
        {
            return false;
        }

        foreach (char c in text)
        {
            if (char.IsControl(c) || char.IsSurrogate(c) || c is ',' or '"' or '\\' or '\u2028' or '\u2029')
            {
                return false;
            }
        }

        return true;
    }

    private static bool NeedsApostrophe(char first) =>
        first is '=' or '+' or '-' or '@' or '\'' or '＝' or '＋' or '－' or '＠' || char.IsWhiteSpace(first);

    private static string Escape(string text)
    {
        StringBuilder escaped = new(text.Length + 8);
        if (text.Length > 0 && NeedsApostrophe(text[0]))
        {
            escaped.Append('\'');
        }

        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                escaped.Append(c).Append(text[++i]);
                continue;
            }

            _ = c switch
            {
                '\\' => escaped.Append(@"\\"),
                '\n' => escaped.Append(@"\n"),
                '\r' => escaped.Append(@"\r"),
                '\t' => escaped.Append(@"\t"),
                _ when char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' =>
                    escaped.Append(@"\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture)),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }

    private static string Unescape(string text)
    {
        StringBuilder plain = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                plain.Append(text[i]);
                continue;
            }

            char code = text[++i];
            if (code == 'u' && i + 4 < text.Length && ushort.TryParse(
                text.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit))
            {
                plain.Append((char)unit);
                i += 4;
                continue;
            }

            plain.Append(code switch { 'n' => '\n', 'r' => '\r', 't' => '\t', _ => code });
        }

        return plain.ToString();
    }
}
