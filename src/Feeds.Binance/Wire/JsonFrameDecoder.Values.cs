using System.Text.Json;
using Feeds.Core.Books;
using Feeds.Core.Numerics;

namespace Feeds.Binance.Wire;

/// <content>Reading single values; each refuses the message when it cannot.</content>
internal sealed partial class JsonFrameDecoder
{
    private static bool Integer(
        ReadOnlySpan<byte> frame, JsonFields fields, char name, ref DecodedMessage message, out long value) =>
        Integer(frame, fields, FieldId.Of(name), ref message, out value);

    private static bool Integer(
        ReadOnlySpan<byte> frame, JsonFields fields, int id, ref DecodedMessage message, out long value)
    {
        if (fields.TryInt64(id, frame, out value))
        {
            return true;
        }

        Refuse(ref message, fields, id);
        return false;
    }

    private static bool Number(
        ReadOnlySpan<byte> frame, JsonFields fields, char name, ref DecodedMessage message, out double value) =>
        Number(frame, fields, FieldId.Of(name), ref message, out value);

    private static bool Number(
        ReadOnlySpan<byte> frame, JsonFields fields, int id, ref DecodedMessage message, out double value)
    {
        if (fields.TryDouble(id, frame, out value))
        {
            return true;
        }

        Refuse(ref message, fields, id);
        return false;
    }

    private static bool Decimal(
        ReadOnlySpan<byte> frame, JsonFields fields, char name, ref DecodedMessage message, out decimal value)
    {
        if (fields.TryDecimal(FieldId.Of(name), frame, out value))
        {
            return true;
        }

        Refuse(ref message, fields, FieldId.Of(name));
        return false;
    }

    private static bool Boolean(JsonFields fields, char name, ref DecodedMessage message, out bool value)
    {
        int id = FieldId.Of(name);
        value = fields.Token(id) == JsonTokenType.True;
        if (value || fields.Token(id) == JsonTokenType.False)
        {
            return true;
        }

        Refuse(ref message, fields.Has(id)
            ? MalformedReason.WrongType : MalformedReason.MissingField, FieldId.Name(id));
        return false;
    }

    /// <summary>The matching engine's time where the message has it, else the push time.</summary>
    private static bool EventTime(
        ReadOnlySpan<byte> frame, JsonFields fields, ref DecodedMessage message, out long value) =>
        Integer(frame, fields, fields.Has(FieldT) ? FieldT : FieldE, ref message, out value);

    private static bool TradeCount(
        ReadOnlySpan<byte> frame, JsonFields fields, ref DecodedMessage message, out int count)
    {
        count = 0;
        if (!Integer(frame, fields, 'f', ref message, out long first)
            || !Integer(frame, fields, 'l', ref message, out long last))
        {
            return false;
        }

        if (first < 0 || last < first || last - first >= int.MaxValue)
        {
            Refuse(ref message, MalformedReason.InvalidValue, "l");
            return false;
        }

        count = (int)(last - first) + 1;
        return true;
    }

    private static bool Side(
        ReadOnlySpan<byte> frame, JsonFields fields, char name, Span<PriceLevel> levels, ref DecodedMessage message,
        out int count)
    {
        count = 0;
        int id = FieldId.Of(name);
        MalformedReason fault = !fields.Has(id) ? MalformedReason.MissingField
            : fields.Token(id) != JsonTokenType.StartArray ? MalformedReason.WrongType
            : ReadSide(fields.Raw(id, frame), levels, out count);
        if (fault != MalformedReason.None)
        {
            Refuse(ref message, fault, FieldId.Name(id));
            return false;
        }

        return true;
    }

    private static MalformedReason ReadSide(ReadOnlySpan<byte> side, Span<PriceLevel> levels, out int count)
    {
        Utf8JsonReader reader = new(side, Options);
        count = 0;
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (count == levels.Length)
            {
                return MalformedReason.TooManyLevels;
            }

            if (reader.TokenType != JsonTokenType.StartArray
                || !ReadNumber(ref reader, out double price)
                || !ReadNumber(ref reader, out double quantity)
                || !reader.Read()
                || reader.TokenType != JsonTokenType.EndArray)
            {
                return MalformedReason.InvalidLevel;
            }

            levels[count++] = new PriceLevel(price, quantity);
        }

        return MalformedReason.None;
    }

    private static bool ReadNumber(ref Utf8JsonReader reader, out double value)
    {
        value = 0;
        reader.Read();
        if (reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String))
        {
            return false;
        }

        if (!reader.ValueIsEscaped)
        {
            return StrictNumber.TryParseDouble(reader.ValueSpan, out value);
        }

        Span<byte> text = stackalloc byte[6 * StrictNumber.MaxLength];
        return reader.ValueSpan.Length <= text.Length
            && StrictNumber.TryParseDouble(text[..reader.CopyString(text)], out value);
    }

    private static Market MarketOf(ReadOnlySpan<byte> frame, JsonFields fields)
    {
        if (!fields.Has(FieldId.St))
        {
            return Market.UsdMargined;
        }

        return !fields.TryInt64(FieldId.St, frame, out long market) ? Market.Invalid
            : market switch
            {
                1 => Market.UsdMargined,
                2 => Market.CoinMargined,
                _ => Market.Other,
            };
    }

    private static void RefuseMarket(Market market, StreamKind stream, ref DecodedMessage message)
    {
        if (market == Market.Invalid)
        {
            Refuse(ref message, MalformedReason.InvalidNumber, "st");
        }
        else
        {
            Ignore(ref message, stream, market == Market.CoinMargined
                ? IgnoreReason.CoinMargined : IgnoreReason.OtherMarket);
        }
    }

    /// <summary>
    /// True when a whole message is of our market and of a symbol that is watched; the message then carries both. The
    /// market may stand in <paramref name="fields"/> or, for a liquidation, beside it in <paramref name="outer"/>.
    /// </summary>
    private bool Accept(
        ReadOnlySpan<byte> frame, JsonFields fields, JsonFields? outer, StreamKind stream, ref DecodedMessage message)
    {
        int s = FieldId.Of('s');
        if (fields.Token(s) != JsonTokenType.String)
        {
            Refuse(ref message, fields.Has(s) ? MalformedReason.WrongType : MalformedReason.MissingField, "s");
            return false;
        }

        Market market = outer is null ? Market.UsdMargined : MarketOf(frame, outer);
        market = market == Market.UsdMargined ? MarketOf(frame, fields) : market;
        if (market != Market.UsdMargined)
        {
            RefuseMarket(market, stream, ref message);
            return false;
        }

        int index = _symbols.Find(fields.Text(s, frame));
        if (index < 0)
        {
            Ignore(ref message, stream, IgnoreReason.UnknownSymbol);
            return false;
        }

        message = default;
        message.Stream = stream;
        message.SymbolIndex = index;
        message.Symbol = _symbols[index];
        return true;
    }
}
