using System.Globalization;
using System.Text;

namespace Feeds.Core.Market;

/// <summary>
/// The exchange's own name of an instrument, such as <c>BTCUSDT</c> or <c>币安人生USDT</c>: text of any script, compared
/// ordinally, never re-cased by culture. Once made it is valid: no separators, controls, format or combining
/// characters.
/// </summary>
public sealed class Symbol : IEquatable<Symbol>, IComparable<Symbol>
{
    /// <summary>The most UTF-16 characters a symbol may have.</summary>
    public const int MaxLength = 64;

    /// <summary>The most bytes of a symbol's file name; longer ones are refused, as file systems stop at 255.</summary>
    public const int MaxFileNameBytes = 200;

    private Symbol(string text)
    {
        Text = text;
        StreamName = string.Create(text.Length, text, static (span, source) =>
        {
            for (int i = 0; i < source.Length; i++)
            {
                span[i] = char.IsAsciiLetterUpper(source[i]) ? (char)(source[i] | 0x20) : source[i];
            }
        });
        FileName = SymbolFileName.Encode(text);
    }

    /// <summary>The text as the exchange writes it.</summary>
    public string Text { get; }

    /// <summary>The text as stream names have it: ASCII letters lower-cased, all others unchanged.</summary>
    public string StreamName { get; }

    /// <summary>
    /// A file name that stands for this symbol alone: upper-case ASCII letters, digits, <c>_</c> and <c>-</c> as they
    /// are, every other byte of the UTF-8 text as <c>%XX</c>. No two symbols collide on file systems that fold case;
    /// read it back with
    /// <see cref="FromFileName"/>.
    /// </summary>
    public string FileName { get; }

    /// <summary>True when both are the same symbol, or both are null.</summary>
    public static bool operator ==(Symbol? left, Symbol? right) => left is null ? right is null : left.Equals(right);

    /// <summary>True when the two differ.</summary>
    public static bool operator !=(Symbol? left, Symbol? right) => !(left == right);

    /// <summary>True when <paramref name="left"/> sorts before <paramref name="right"/>, ordinally.</summary>
    public static bool operator <(Symbol left, Symbol right) => left.CompareTo(right) < 0;

    /// <summary>True when <paramref name="left"/> sorts after <paramref name="right"/>, ordinally.</summary>
    public static bool operator >(Symbol left, Symbol right) => left.CompareTo(right) > 0;

    /// <summary>True when <paramref name="left"/> does not sort after <paramref name="right"/>.</summary>
    public static bool operator <=(Symbol left, Symbol right) => left.CompareTo(right) <= 0;

    /// <summary>True when <paramref name="left"/> does not sort before <paramref name="right"/>.</summary>
    public static bool operator >=(Symbol left, Symbol right) => left.CompareTo(right) >= 0;

    /// <summary>Returns the symbol of a text.</summary>
    /// <exception cref="FeedsException">The text is not a symbol; the message says why.</exception>
    public static Symbol Parse(string text) =>
        TryParse(text, out Symbol? symbol, out string? error) ? symbol : throw new FeedsException(error);

    /// <summary>True when the text is a symbol.</summary>
    public static bool TryParse(string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Symbol? symbol) =>
        TryParse(text, out symbol, out _);

    /// <summary>
    /// True when the text is a symbol; otherwise <paramref name="error"/> is one sentence that names text and rule.
    /// </summary>
    public static bool TryParse(
        string? text,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Symbol? symbol,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out string? error)
    {
        symbol = null;
        error = Fault(text);
        if (error is null)
        {
            Symbol candidate = new(text!);
            if (candidate.FileName.Length <= MaxFileNameBytes)
            {
                symbol = candidate;
                return true;
            }

            error = $"symbol of {text!.Length} characters: its file name would need {candidate.FileName.Length} bytes, "
                + $"at most {MaxFileNameBytes} are allowed";
        }

        return false;
    }

    /// <summary>
    /// True when a file name was made by <see cref="FileName"/>; any other spelling of the same text is refused.
    /// </summary>
    public static bool FromFileName(
        string fileName, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Symbol? symbol)
    {
        symbol = null;
        return SymbolFileName.TryDecode(fileName, out string? text)
            && TryParse(text, out symbol)
            && string.Equals(symbol.FileName, fileName, StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public bool Equals(Symbol? other) =>
        ReferenceEquals(this, other)
            || (other is not null && string.Equals(Text, other.Text, StringComparison.Ordinal));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Symbol);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public int CompareTo(Symbol? other) => string.CompareOrdinal(Text, other?.Text);

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static string? Fault(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "symbol is empty: letters, digits, '_' and '-' are allowed";
        }

        if (text.Length > MaxLength)
        {
            return $"symbol of {text.Length} characters: at most {MaxLength} are allowed";
        }

        int position = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            // EnumerateRunes yields U+FFFD for a lone surrogate; that one is no letter, so it is refused here too.
            bool allowed = Rune.IsLetterOrDigit(rune) || (position > 0 && rune.Value is '_' or '-');
            if (!allowed)
            {
                return $"symbol '{Printable(text)}': character U+"
                    + $"{rune.Value.ToString("X4", CultureInfo.InvariantCulture)} at {position} "
                    + "is not allowed (letters and digits of any script, then also '_' and '-')";
            }

            position += rune.Utf16SequenceLength;
        }

        return null;
    }

    private static string Printable(string text)
    {
        StringBuilder printable = new(text.Length);
        foreach (char c in text)
        {
            printable.Append(char.IsLetterOrDigit(c) || (c > ' ' && c < 0x7F) ? c : '?');
        }

        return printable.ToString();
    }
}
