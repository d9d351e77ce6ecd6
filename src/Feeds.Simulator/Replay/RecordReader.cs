using System.Text.Json;
using Feeds.Core;
using Feeds.Simulator.Markets;

namespace Feeds.Simulator.Replay;

/// <summary>Reads one recorded JSON message, in its envelope or bare. Not safe from several threads.</summary>
internal sealed class RecordReader
{
    private readonly List<BookLevel> _levels = [];
    private string _event = "";
    private int _priceDigits;
    private int _quantityDigits;

    /// <summary>Returns the message and the symbol it names; kind Other when a replay has no use for it.</summary>
    public (Record Record, string Symbol, int PriceDigits, int QuantityDigits) Read(ReadOnlySpan<byte> json)
    {
        Record record = new();
        string symbol = "";
        _event = "";
        _priceDigits = 0;
        _quantityDigits = 0;
        Utf8JsonReader reader = new(json);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            string name = reader.GetString()!;
            reader.Read();
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject when name is "k" or "o":
                    reader.Skip();
                    break;
                case JsonTokenType.StartArray:
                    Levels(ref reader, name, record);
                    break;
                case JsonTokenType.String when name == "e":
                    _event = reader.GetString()!;
                    break;
                case JsonTokenType.String when name == "s":
                    symbol = reader.GetString()!;
                    break;
                case JsonTokenType.String:
                    Text(record, name, reader.ValueSpan);
                    break;
                case JsonTokenType.Number:
                    Number(record, name, reader.GetInt64());
                    break;
                case JsonTokenType.True or JsonTokenType.False when name == "m":
                    record.BuyerIsMaker = reader.GetBoolean();
                    break;
            }
        }

        record.Kind = _event switch
        {
            "depthUpdate" => RecordKind.Delta,
            "bookTicker" => RecordKind.Quote,
            "trade" or "aggTrade" => RecordKind.Trade,
            "markPriceUpdate" => RecordKind.Mark,
            "" when record.Bids.Length + record.Asks.Length > 0 => RecordKind.Snapshot,
            _ => RecordKind.Other,
        };
        if (_event == "trade")
        {
            record.FirstId = record.Id;
            record.LastId = record.Id;
        }

        return (record, symbol, _priceDigits, _quantityDigits);
    }

    /// <summary>Returns a decimal number × 10^8 and the digits it has after the point.</summary>
    /// <exception cref="FeedsException">The text is no such number.</exception>
    public static long Scaled(ReadOnlySpan<byte> text, out int digits)
    {
        long value = 0;
        digits = -1;
        foreach (byte c in text.StartsWith("-"u8) ? text[1..] : text)
        {
            if (c == '.' && digits < 0)
            {
                digits = 0;
            }
            else if (c is >= (byte)'0' and <= (byte)'9')
            {
                if (digits >= 8)
                {
                    continue;
                }

                value = checked((value * 10) + (c - '0'));
                digits += digits < 0 ? 0 : 1;
            }
            else
            {
                throw new FeedsException($"recording: '{System.Text.Encoding.UTF8.GetString(text)}' is not a number");
            }
        }

        digits = Math.Max(0, digits);
        value = checked(value * Recording.Power(8 - digits));
        return text.StartsWith("-"u8) ? -value : value;
    }

    private void Text(Record record, string name, ReadOnlySpan<byte> text)
    {
        switch (name)
        {
            case "p":
                record.Price = Price(text);
                break;
            case "q":
                record.Quantity = Quantity(text);
                break;
            case "b":
                record.Price = Price(text);
                break;
            case "B":
                record.Quantity = Quantity(text);
                break;
            case "a":
                record.OtherPrice = Price(text);
                break;
            case "A":
                record.OtherQuantity = Quantity(text);
                break;
            case "i":
                record.Quantity = Scaled(text, out _);
                break;
            case "P":
                record.OtherPrice = Scaled(text, out _);
                break;
            case "r":
                record.OtherQuantity = Scaled(text, out _);
                break;
        }
    }

    private static void Number(Record record, string name, long value)
    {
        switch (name)
        {
            case "E":
                record.EventTime = value;
                break;
            case "T":
                record.Time = value;
                break;
            case "U" or "f":
                record.FirstId = value;
                break;
            case "u" or "l" or "lastUpdateId":
                record.LastId = value;
                break;
            case "pu" or "t" or "a":
                record.Id = value;
                break;
        }
    }

    private void Levels(ref Utf8JsonReader reader, string name, Record record)
    {
        _levels.Clear();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartArray)
        {
            reader.Read();
            long price = Price(reader.ValueSpan);
            reader.Read();
            _levels.Add(new BookLevel(price, Quantity(reader.ValueSpan)));
            reader.Read();
        }

        if (name is "b" or "bids")
        {
            record.Bids = [.. _levels];
        }
        else if (name is "a" or "asks")
        {
            record.Asks = [.. _levels];
        }
    }

    // The event name stands before the prices in all recordings; a mark price has eight digits that say nothing of the
    // tick.
    private long Price(ReadOnlySpan<byte> text)
    {
        long value = Scaled(text, out int digits);
        _priceDigits = _event == "markPriceUpdate" ? _priceDigits : Math.Max(_priceDigits, digits);
        return value;
    }

    private long Quantity(ReadOnlySpan<byte> text)
    {
        long value = Scaled(text, out int digits);
        _quantityDigits = Math.Max(_quantityDigits, digits);
        return value;
    }
}
