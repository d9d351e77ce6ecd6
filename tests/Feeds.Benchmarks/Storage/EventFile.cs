using System.IO.Compression;
using Feeds.Binance.Wire;
using Feeds.Commands.Bench;
using Feeds.Core.Books;
using Feeds.Core.Market;

namespace Feeds.Benchmarks.Storage;

/// <summary>The events that a file of frames decodes to, in memory: what symbols would append to the journal.</summary>
internal sealed class EventFile
{
    private EventFile(IReadOnlyList<Symbol> symbols, (int Symbol, MarketEvent Event)[] events, IReadOnlyList<KindBytes> kinds)
    {
        Symbols = symbols;
        Events = events;
        Kinds = kinds;
    }

    public IReadOnlyList<Symbol> Symbols { get; }

    public (int Symbol, MarketEvent Event)[] Events { get; }

    /// <summary>Of each kind: how many, bytes of their JSON, and bytes of all that JSON in one gzip stream.</summary>
    public IReadOnlyList<KindBytes> Kinds { get; }

    public static EventFile Load(string path)
    {
        MessageFile file = MessageFile.Load(path);
        SymbolTable table = SymbolTable.Of(file.Symbols);
        MessageDecoder decoder = new(table, new BookLevelsPool(20));
        List<(int, MarketEvent)> events = [];
        Dictionary<EventKind, MemoryStream> json = [];
        for (int i = 0; i < file.Count; i++)
        {
            decoder.Decode(file.Frame(i), file.ReceiveTime(i), out DecodedMessage message);

            // The best price is off by default, and books carry it.
            if (message.Kind != DecodedKind.Event || message.Event.Kind == EventKind.Quote || message.SymbolIndex < 0)
            {
                decoder.Return(message);
                continue;
            }

            events.Add((message.SymbolIndex, message.Event));
            if (!json.TryGetValue(message.Event.Kind, out MemoryStream? text))
            {
                json.Add(message.Event.Kind, text = new MemoryStream());
            }

            text.Write(file.Frame(i));
            text.WriteByte((byte)'\n');
        }

        (int Symbol, MarketEvent Event)[] all = [.. events];
        return new EventFile(
            file.Symbols,
            all,
            [.. json.OrderBy(static kind => kind.Key).Select(kind => new KindBytes(
                kind.Key, all.Count(each => each.Event.Kind == kind.Key), kind.Value.Length, Gzip(kind.Value.ToArray())))]);
    }

    private static long Gzip(byte[] text)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(text);
        }

        return packed.Length;
    }

    internal sealed record KindBytes(EventKind Kind, int Count, long JsonBytes, long GzipBytes);
}
