using System.IO.Compression;
using Feeds.Binance.Wire;
using Feeds.Commands.Bench;
using Feeds.Core.Books;
using Feeds.Core.Market;

namespace Feeds.Benchmarks.Storage;

/// <summary>The events that a file of frames decodes to, in memory: what symbols would append to the journal.</summary>
internal sealed class EventFile
{
    // For each book, as 600 symbols have them together: a recording of two has more trades, a short one more marks.
    private const double TradesPerBook = 0.45;
    private const double MarksPerBook = 0.1;
    private const int MinEvents = 300_000;

    private EventFile(
        IReadOnlyList<Symbol> symbols, (int Symbol, MarketEvent Event)[] events, IReadOnlyList<KindBytes> kinds)
    {
        Symbols = symbols;
        Events = events;
        Kinds = kinds;
    }

    public IReadOnlyList<Symbol> Symbols { get; }

    public (int Symbol, MarketEvent Event)[] Events { get; }

    /// <summary>
    /// Of each kind of the whole file: how many, bytes of their JSON, and bytes of all that JSON in one gzip stream.
    /// </summary>
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

        return new EventFile(
            file.Symbols,
            Repeated(Proportioned(events)),
            [.. json.OrderBy(static kind => kind.Key).Select(kind => new KindBytes(
                kind.Key, [.. events.Where(each => each.Item2.Kind == kind.Key)], kind.Value.Length,
                Gzip(kind.Value.ToArray())))]);
    }

    private static List<(int Symbol, MarketEvent Event)> Proportioned(List<(int Symbol, MarketEvent Event)> events)
    {
        int[] kept = new int[256];
        List<(int, MarketEvent)> some = [];
        foreach ((int symbol, MarketEvent e) in events)
        {
            double most = kept[(int)EventKind.Book]
                * (e.Kind == EventKind.Trade ? TradesPerBook : e.Kind == EventKind.Mark ? MarksPerBook : 1);
            if (e.Kind == EventKind.Book || kept[(int)e.Kind] < most)
            {
                kept[(int)e.Kind]++;
                some.Add((symbol, e));
            }
        }

        return some;
    }

    // The same again and again, with times and ids that go on. Trades left out leave no hole in the ids: it would be
    // filled as one.
    private static (int Symbol, MarketEvent Event)[] Repeated(List<(int Symbol, MarketEvent Event)> events)
    {
        long span = events[^1].Event.ReceiveTime - events[0].Event.ReceiveTime + 1_000;
        long ids = events.Where(static each => each.Event.Kind == EventKind.Book).GroupBy(static each => each.Symbol)
            .Max(static symbol => symbol.Max(static each => each.Event.LastUpdateId) - symbol.Min(
                static each => each.Event.LastUpdateId)) + 1_000;
        Dictionary<int, long> trades = [];
        List<(int, MarketEvent)> all = [];
        for (int pass = 0; all.Count < MinEvents; pass++)
        {
            foreach ((int symbol, MarketEvent e) in events)
            {
                long trade = trades.TryGetValue(symbol, out long last) ? last + 1 : e.TradeId;
                if (e.Kind == EventKind.Trade)
                {
                    trades[symbol] = trade;
                }

                all.Add((symbol, Later(e, pass * span, pass * ids, trade)));
            }
        }

        return [.. all];
    }

    private static MarketEvent Later(in MarketEvent e, long time, long ids, long trade) => e.Kind switch
    {
        EventKind.Book => MarketEvent.ForBook(e.EventTime + time, e.ReceiveTime + time, e.LastUpdateId + ids, e.Levels),
        EventKind.Trade => MarketEvent.ForTrade(
            e.EventTime + time, e.ReceiveTime + time, trade, e.Price, e.Quantity, e.QuantityWithoutRpi, e.Side,
            e.TradeCount),
        EventKind.Mark => MarketEvent.ForMark(
            e.EventTime + time, e.ReceiveTime + time, e.MarkPrice, e.IndexPrice, e.PredictedFundingRate,
            e.NextFundingTime + time),
        EventKind.Liquidation => MarketEvent.ForLiquidation(
            e.EventTime + time, e.ReceiveTime + time, e.Side, e.Price, e.Quantity, e.OrderQuantity),
        EventKind.Bar => MarketEvent.ForBar(
            e.Bar with { OpenTime = e.Bar.OpenTime + time }, e.EventTime + time, e.ReceiveTime + time, e.IsFromStream),
        _ => e,
    };

    private static long Gzip(byte[] text)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(text);
        }

        return packed.Length;
    }

    internal sealed record KindBytes(
        EventKind Kind, IReadOnlyList<(int Symbol, MarketEvent Event)> Events, long JsonBytes, long GzipBytes);
}
