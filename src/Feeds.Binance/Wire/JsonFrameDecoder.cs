using System.Text.Json;
using System.Text.Unicode;
using Feeds.Core.Books;

namespace Feeds.Binance.Wire;

/// <summary>
/// Decodes a frame in any order, spacing and escaping that JSON allows. It is the definition of what a frame means; the
/// scanner only does the usual frames faster, and leaves all others to this.
/// </summary>
internal sealed partial class JsonFrameDecoder
{
    // The deepest message that is known has four levels: envelope, data, side, level.
    private const int MaxDepth = 16;

    private readonly BookLevelsPool _books;
    private readonly BookLevelsPool _deltas;
    private readonly SchemaDrift _drift;
    private readonly JsonFields _top = new();
    private readonly JsonFields _body = new();
    private readonly JsonFields _inner = new();
    private SymbolTable _symbols = SymbolTable.Empty;
    private long _receiveTime;

    public JsonFrameDecoder(BookLevelsPool books, BookLevelsPool deltas, SchemaDrift drift)
    {
        _books = books;
        _deltas = deltas;
        _drift = drift;
    }

    private static JsonReaderOptions Options => new() { MaxDepth = MaxDepth };

    public void Decode(ReadOnlySpan<byte> frame, SymbolTable symbols, long receiveTime, ref DecodedMessage message)
    {
        message.SymbolIndex = -1;
        if (!Utf8.IsValid(frame))
        {
            Refuse(ref message, MalformedReason.InvalidUtf8);
            return;
        }

        _symbols = symbols;
        _receiveTime = receiveTime;
        try
        {
            DecodeTop(frame, ref message);
        }
        catch (JsonException)
        {
            Refuse(ref message, MalformedReason.InvalidJson);
        }
        catch (InvalidOperationException)
        {
            // The reader's word for escapes that are no text, such as half of a surrogate pair.
            Refuse(ref message, MalformedReason.InvalidUtf8);
        }
    }

    private static void Refuse(ref DecodedMessage message, MalformedReason reason, string? field = null)
    {
        message = default;
        message.SymbolIndex = -1;
        message.Kind = DecodedKind.Malformed;
        message.Malformed = reason;
        message.Detail = field;
    }

    private static void Refuse(ref DecodedMessage message, JsonFields fields, int id) =>
        Refuse(
            ref message,
            !fields.Has(id) ? MalformedReason.MissingField
                : fields.Token(id) is JsonTokenType.Number or JsonTokenType.String ? MalformedReason.InvalidNumber
                : MalformedReason.WrongType,
            FieldId.Name(id));

    private static void Ignore(ref DecodedMessage message, StreamKind stream, IgnoreReason reason)
    {
        message = default;
        message.SymbolIndex = -1;
        message.Kind = DecodedKind.Ignored;
        message.Stream = stream;
        message.Ignored = reason;
    }

    private void DecodeTop(ReadOnlySpan<byte> frame, ref DecodedMessage message)
    {
        Utf8JsonReader reader = new(frame, Options);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            reader.Read();
            Refuse(ref message, MalformedReason.UnexpectedShape);
            return;
        }

        _top.Collect(ref reader, 0);

        // Anything but blanks after the object throws here.
        reader.Read();
        if (_top.HasDuplicate)
        {
            Refuse(ref message, MalformedReason.DuplicateField);
        }
        else if (_top.Has(FieldId.Data))
        {
            DecodeEnvelope(frame, ref message);
        }
        else if (_top.Has(FieldId.Of('e')))
        {
            DecodeEvent(frame, _top, StreamKind.Unknown, ref message);
        }
        else
        {
            DecodeAnswer(frame, ref message);
        }
    }

    private void DecodeEnvelope(ReadOnlySpan<byte> frame, ref DecodedMessage message)
    {
        if (_top.Token(FieldId.Stream) != JsonTokenType.String)
        {
            Refuse(ref message, _top.Has(FieldId.Stream)
                ? MalformedReason.WrongType : MalformedReason.MissingField, "stream");
            return;
        }

        StreamKind stream = StreamSuffix.KindOf(_top.Text(FieldId.Stream, frame));
        if (_top.Token(FieldId.Data) == JsonTokenType.StartArray)
        {
            Ignore(ref message, stream, IgnoreReason.AllSymbols);
            return;
        }

        if (_top.Token(FieldId.Data) != JsonTokenType.StartObject)
        {
            Refuse(ref message, MalformedReason.WrongType, "data");
            return;
        }

        _top.ReportDrift(frame, _drift, MessageShape.Envelope.Name, MessageShape.Envelope.Known, 0);
        Collect(frame, _top, FieldId.Data, _body);
        if (_body.HasDuplicate)
        {
            Refuse(ref message, MalformedReason.DuplicateField);
            return;
        }

        DecodeEvent(frame, _body, stream, ref message);
    }

    private static void Collect(ReadOnlySpan<byte> frame, JsonFields outer, int id, JsonFields inner)
    {
        Utf8JsonReader reader = new(outer.Raw(id, frame), Options);
        reader.Read();
        inner.Collect(ref reader, outer.Start(id));
    }

    private void DecodeAnswer(ReadOnlySpan<byte> frame, ref DecodedMessage message)
    {
        long id = _top.Token(FieldId.Id) == JsonTokenType.Number && _top.TryInt64(FieldId.Id, frame, out long number)
            ? number : -1;
        JsonFields? error = null;
        if (_top.Token(FieldId.Error) == JsonTokenType.StartObject)
        {
            Collect(frame, _top, FieldId.Error, _inner);
            error = _inner;
        }
        else if (_top.Has(FieldId.Code))
        {
            error = _top;
        }

        if (error is not null)
        {
            message = default;
            message.SymbolIndex = -1;
            message.Kind = DecodedKind.RequestError;
            message.First = id;
            message.Second = error.TryInt64(FieldId.Code, frame, out long code) ? code : 0;
            message.Detail = System.Text.Encoding.UTF8.GetString(error.Text(FieldId.Msg, frame));
        }
        else if (_top.Has(FieldId.Result))
        {
            message = default;
            message.SymbolIndex = -1;
            message.Kind = DecodedKind.Acknowledgement;
            message.First = id;
        }
        else
        {
            Refuse(ref message, MalformedReason.UnexpectedShape);
        }
    }
}
