using System.Text.Json;
using Feeds.Core.Numerics;

namespace Feeds.Binance.Wire;

/// <summary>
/// The fields of one JSON object by number: where in the frame each value lies. Used again and again, so it allocates
/// nothing.
/// </summary>
internal sealed class JsonFields
{
    private const int MaxUnknown = 8;
    private const int MaxEscaped = 256;

    private readonly Slice[] _slices = new Slice[FieldId.Count];
    private readonly Slice[] _unknown = new Slice[MaxUnknown];
    private readonly byte[] _unescaped = new byte[MaxEscaped];
    private int _unknownCount;

    /// <summary>Which fields are there, as bits by number.</summary>
    public UInt128 Seen { get; private set; }

    /// <summary>True when a known field came twice.</summary>
    public bool HasDuplicate { get; private set; }

    public void Clear()
    {
        Seen = 0;
        HasDuplicate = false;
        _unknownCount = 0;
    }

    /// <summary>
    /// Reads the object at which the reader stands, to its end. <paramref name="start"/> is where the reader's bytes
    /// begin in the frame.
    /// </summary>
    public void Collect(ref Utf8JsonReader reader, int start)
    {
        Clear();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int id = IdOf(ref reader);
            Slice key = new(
                start + (int)reader.TokenStartIndex + 1, reader.ValueSpan.Length, reader.TokenType,
                reader.ValueIsEscaped);
            reader.Read();
            JsonTokenType token = reader.TokenType;
            bool escaped = token == JsonTokenType.String && reader.ValueIsEscaped;
            int from = start + (int)reader.TokenStartIndex;
            reader.Skip();
            int to = start + (int)reader.BytesConsumed;
            if (id >= 0)
            {
                HasDuplicate |= Has(id);
                Seen |= UInt128.One << id;
                _slices[id] = new Slice(from, to - from, token, escaped);
            }
            else if (_unknownCount < MaxUnknown)
            {
                _unknown[_unknownCount++] = key;
            }
        }
    }

    public bool Has(int id) => (Seen >> id & UInt128.One) != 0;

    public JsonTokenType Token(int id) => Has(id) ? _slices[id].Token : JsonTokenType.None;

    /// <summary>Where the value begins in the frame.</summary>
    public int Start(int id) => _slices[id].Start;

    /// <summary>The value as it stands in the frame, quotes included.</summary>
    public ReadOnlySpan<byte> Raw(int id, ReadOnlySpan<byte> frame) =>
        frame.Slice(_slices[id].Start, _slices[id].Length);

    /// <summary>The text of a string; empty for any other type and for one whose escapes do not fit.</summary>
    public ReadOnlySpan<byte> Text(int id, ReadOnlySpan<byte> frame)
    {
        if (Token(id) != JsonTokenType.String)
        {
            return default;
        }

        ReadOnlySpan<byte> raw = Raw(id, frame);
        if (!_slices[id].Escaped)
        {
            return raw[1..^1];
        }

        if (raw.Length > MaxEscaped)
        {
            return default;
        }

        Utf8JsonReader reader = new(raw);
        reader.Read();
        return _unescaped.AsSpan(0, reader.CopyString(_unescaped));
    }

    /// <summary>
    /// The digits of a number, whether it is written as a number or as a string; empty for any other type.
    /// </summary>
    public ReadOnlySpan<byte> Digits(int id, ReadOnlySpan<byte> frame) =>
        Token(id) == JsonTokenType.Number ? Raw(id, frame) : Text(id, frame);

    public bool TryDouble(int id, ReadOnlySpan<byte> frame, out double value) =>
        StrictNumber.TryParseDouble(Digits(id, frame), out value);

    public bool TryDecimal(int id, ReadOnlySpan<byte> frame, out decimal value) =>
        StrictNumber.TryParseDecimal(Digits(id, frame), out value);

    public bool TryInt64(int id, ReadOnlySpan<byte> frame, out long value) =>
        StrictNumber.TryParseInt64(Digits(id, frame), out value);

    /// <summary>Counts what is unknown or gone, by the name of the message's type.</summary>
    public void ReportDrift(ReadOnlySpan<byte> frame, SchemaDrift drift, string type, UInt128 known, UInt128 expected)
    {
        for (int i = 0; i < _unknownCount; i++)
        {
            drift.Count(DriftKind.UnknownField, type, frame.Slice(_unknown[i].Start, _unknown[i].Length));
        }

        UInt128 unknown = Seen & ~known;
        UInt128 vanished = expected & ~Seen;
        for (int id = 0; (unknown | vanished) != 0 && id < FieldId.Count; id++)
        {
            if ((unknown >> id & UInt128.One) != 0)
            {
                drift.Count(DriftKind.UnknownField, type, System.Text.Encoding.ASCII.GetBytes(FieldId.Name(id)));
            }

            if ((vanished >> id & UInt128.One) != 0)
            {
                drift.Count(DriftKind.VanishedField, type, System.Text.Encoding.ASCII.GetBytes(FieldId.Name(id)));
            }
        }
    }

    private static int IdOf(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return FieldId.Of(reader.ValueSpan);
        }

        // A name of ours with every letter escaped takes six bytes a letter.
        if (reader.ValueSpan.Length > 6 * 6)
        {
            return -1;
        }

        Span<byte> unescaped = stackalloc byte[64];
        return FieldId.Of(unescaped[..reader.CopyString(unescaped)]);
    }

    private readonly record struct Slice(int Start, int Length, JsonTokenType Token, bool Escaped);
}
