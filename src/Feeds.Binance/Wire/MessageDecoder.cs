using Feeds.Core.Books;

namespace Feeds.Binance.Wire;

/// <summary>
/// Decodes the frames of a stream connection without allocating: a scanner for the messages as the exchange writes
/// them, a general JSON reader for everything else, with the same results. Nothing that a frame holds makes it throw.
/// One decoder serves one connection's loop: it is not safe for several threads, but its counters and its table of
/// symbols are.
/// </summary>
public sealed class MessageDecoder
{
    /// <summary>Levels a side that a delta may have, unless the pool says otherwise.</summary>
    public const int DefaultDeltaLevels = 2048;

    private readonly FrameScanner _scanner;
    private readonly JsonFrameDecoder _json;
    private SymbolTable _symbols;

    /// <summary>Makes a decoder.</summary>
    /// <param name="symbols">The symbols to let through; messages of others are ignored and counted.</param>
    /// <param name="books">
    /// Where the buffers of books and quotes come from; books with more levels than its capacity are refused.
    /// </param>
    /// <param name="deltas">Where the buffers of deltas come from; null for a pool of the decoder's own.</param>
    /// <param name="drift">Where new and vanished names are counted; null for a table of the decoder's own.</param>
    public MessageDecoder(
        SymbolTable symbols, BookLevelsPool books, BookLevelsPool? deltas = null, SchemaDrift? drift = null)
    {
        _symbols = symbols;
        Books = books;
        Deltas = deltas ?? new BookLevelsPool(DefaultDeltaLevels, keep: 64);
        Drift = drift ?? new SchemaDrift();
        _scanner = new FrameScanner(Books, Deltas);
        _json = new JsonFrameDecoder(Books, Deltas, Drift);
    }

    /// <summary>
    /// The symbols that are let through; may be exchanged at any time, and holds from the next frame on.
    /// </summary>
    public SymbolTable Symbols
    {
        get => Volatile.Read(ref _symbols);
        set => Volatile.Write(ref _symbols, value);
    }

    /// <summary>The pool of the buffers of books and quotes.</summary>
    public BookLevelsPool Books { get; }

    /// <summary>The pool of the buffers of deltas.</summary>
    public BookLevelsPool Deltas { get; }

    /// <summary>What was seen, by kind and reason.</summary>
    public DecodeCounters Counters { get; } = new();

    /// <summary>New and vanished names.</summary>
    public SchemaDrift Drift { get; }

    /// <summary>Decodes one whole frame that was received at <paramref name="receiveTime"/> (epoch ms).</summary>
    public void Decode(ReadOnlySpan<byte> frame, long receiveTime, out DecodedMessage message)
    {
        message = default;
        SymbolTable symbols = Symbols;
        if (!_scanner.TryDecode(frame, symbols, receiveTime, ref message))
        {
            Counters.CountFallback();
            _json.Decode(frame, symbols, receiveTime, ref message);
        }

        Counters.Count(message);
    }

    /// <summary>Decodes with the scanner alone; false when it declines. For tests and measurements.</summary>
    internal bool TryScan(ReadOnlySpan<byte> frame, long receiveTime, out DecodedMessage message)
    {
        message = default;
        return _scanner.TryDecode(frame, Symbols, receiveTime, ref message);
    }

    /// <summary>Decodes with the general decoder alone. For tests and measurements.</summary>
    internal void DecodeGenerally(ReadOnlySpan<byte> frame, long receiveTime, out DecodedMessage message)
    {
        message = default;
        _json.Decode(frame, Symbols, receiveTime, ref message);
    }

    /// <summary>Returns the buffer of a message that is not handed on; a no-op when it holds none.</summary>
    public void Return(in DecodedMessage message) =>
        (message.Kind == DecodedKind.BookDelta ? Deltas : Books).Return(message.Levels);
}
