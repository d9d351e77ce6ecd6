using System.Runtime.InteropServices;
using System.Text.Json;
using Feeds.Core.Market;
using Feeds.Core.Numerics;

namespace Feeds.Binance.Rest;

/// <summary>Strict reading of the values of a row; numbers may be written as numbers or as strings.</summary>
internal static class JsonRow
{
    public static bool TryField(this JsonElement row, string name, out JsonElement value)
    {
        value = default;
        return row.ValueKind == JsonValueKind.Object && row.TryGetProperty(name, out value)
            && value.ValueKind != JsonValueKind.Null;
    }

    public static bool TryInt64(this JsonElement row, string name, out long value)
    {
        value = 0;
        return row.TryField(name, out JsonElement field) && field.TryInt64(out value);
    }

    public static bool TryDecimal(this JsonElement row, string name, out decimal value)
    {
        value = 0;
        return row.TryField(name, out JsonElement field) && field.TryDecimal(out value);
    }

    public static bool TryDouble(this JsonElement row, string name, out double value)
    {
        value = 0;
        return row.TryField(name, out JsonElement field) && field.TryDouble(out value);
    }

    public static bool TryText(this JsonElement row, string name, out string value)
    {
        value = row.TryField(name, out JsonElement field) && field.ValueKind == JsonValueKind.String
            ? field.GetString()! : string.Empty;
        return value.Length > 0;
    }

    public static string Text(this JsonElement row, string name) => row.TryText(name, out string value)
        ? value : string.Empty;

    public static bool TrySymbol(this JsonElement row, string name, out Symbol symbol)
    {
        symbol = null!;
        return row.TryText(name, out string text) && Symbol.TryParse(text, out symbol!);
    }

    public static decimal? OptionalDecimal(this JsonElement row, string name) =>
        row.TryDecimal(name, out decimal value) ? value : null;

    public static long OptionalInt64(this JsonElement row, string name) => row.TryInt64(name, out long value)
        ? value : 0;

    /// <summary>
    /// True when the field is absent, null or an empty string: the exchange's ways of saying nothing.
    /// </summary>
    public static bool IsEmpty(this JsonElement row, string name) =>
        !row.TryField(name, out JsonElement field)
            || (field.ValueKind == JsonValueKind.String && field.ValueEquals(string.Empty));

    public static bool TryInt64(this JsonElement value, out long number) =>
        StrictNumber.TryParseInt64(Digits(value), out number);

    public static bool TryDecimal(this JsonElement value, out decimal number) =>
        StrictNumber.TryParseDecimal(Digits(value), out number);

    public static bool TryDouble(this JsonElement value, out double number) =>
        StrictNumber.TryParseDouble(Digits(value), out number);

    // An escaped digit is refused by the strict grammar, as the backslash stands in the raw text.
    private static ReadOnlySpan<byte> Digits(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => JsonMarshal.GetRawUtf8Value(value),
        JsonValueKind.String => JsonMarshal.GetRawUtf8Value(value)[1..^1],
        _ => default,
    };
}
