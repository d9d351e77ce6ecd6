using Feeds.Core.Books;
using Feeds.Core.Market;
using Feeds.Parquet.Schema;
using Feeds.Parquet.Writing;

namespace Feeds.Storage.Replay;

/// <summary>The Parquet files of an export, each made when its first event comes.</summary>
internal sealed class ExportTables : IDisposable
{
    private const int Levels = 20;

    // Of every kind the same first columns.
    private const int Own = 5;

    private static readonly string[] Sides = ["bid", "ask"];

    private static readonly ParquetColumn[] BookColumns =
    [
        Long("last_update_id"), Long("conflated"),
        .. Sides.SelectMany(side => Enumerable.Range(1, Levels).SelectMany(
            level => new[] { Double($"{side}_price_{level}"), Double($"{side}_quantity_{level}") })),
    ];

    private static readonly ParquetColumn[] TradeColumns =
        [Long("trade_id"), Double("price"), Double("quantity"), Double("quantity_without_rpi"), Text("side")];

    private static readonly ParquetColumn[] MarkColumns =
        [Double("mark_price"), Double("index_price"), Double("predicted_funding_rate"), Time("next_funding_time")];

    private static readonly ParquetColumn[] LiquidationColumns =
        [Text("side"), Double("average_price"), Double("filled_quantity"), Double("order_quantity")];

    private static readonly ParquetColumn[] BarColumns =
    [
        Text("bar_symbol"), Time("open_time"), Double("open"), Double("high"), Double("low"), Double("close"),
        Double("volume"),
        Double("quote_volume"), Double("taker_buy_volume"), Double("taker_buy_quote_volume"), Long("trade_count"),
    ];

    private static readonly ParquetColumn[] OtherColumns = [Text("kind"), Text("content")];

    private readonly string _folder;
    private readonly SortedDictionary<string, ParquetRowWriter> _tables = new(StringComparer.Ordinal);

    public ExportTables(string folder) => _folder = folder;

    public void Add(Symbol symbol, long sequence, in MarketEvent e)
    {
        switch (e.Kind)
        {
            case EventKind.Book or EventKind.Quote:
                AddBook(symbol, sequence, e);
                break;
            case EventKind.Trade:
                ParquetRowWriter trades = Begin("trade", symbol, sequence, e, TradeColumns);
                trades.Set(Own, e.TradeId);
                trades.Set(Own + 1, e.Price);
                trades.Set(Own + 2, e.Quantity);
                trades.Set(Own + 3, e.QuantityWithoutRpi);
                trades.Set(Own + 4, e.Side.ToString());
                trades.EndRow();
                break;
            case EventKind.Mark or EventKind.Premium:
                ParquetRowWriter marks = Begin(
                    e.Kind == EventKind.Mark ? "mark" : "premium", symbol, sequence, e, MarkColumns);
                marks.Set(Own, e.MarkPrice);
                marks.Set(Own + 1, e.IndexPrice);
                marks.Set(Own + 2, e.PredictedFundingRate);
                marks.Set(Own + 3, e.NextFundingTime);
                marks.EndRow();
                break;
            case EventKind.Liquidation:
                ParquetRowWriter liquidations = Begin("liquidation", symbol, sequence, e, LiquidationColumns);
                liquidations.Set(Own, e.Side.ToString());
                liquidations.Set(Own + 1, e.Price);
                liquidations.Set(Own + 2, e.Quantity);
                liquidations.Set(Own + 3, e.OrderQuantity);
                liquidations.EndRow();
                break;
            case EventKind.Bar or EventKind.MarkBar or EventKind.IndexBar:
                AddBar(e.Kind == EventKind.Bar ? "bar" : e.Kind == EventKind.MarkBar
                    ? "mark_bar" : "index_bar", symbol, sequence, e, e.Bar, symbol);
                break;
            case EventKind.ContextBar:
                AddBar("context_bar", symbol, sequence, e, e.ContextBar.Bar, e.ContextBar.Symbol);
                break;
            default:
                AddOther(symbol, sequence, e);
                break;
        }
    }

    /// <summary>Finishes all files; returns name and rows of each.</summary>
    public IReadOnlyDictionary<string, long> Finish()
    {
        SortedDictionary<string, long> rows = new(StringComparer.Ordinal);
        foreach ((string name, ParquetRowWriter table) in _tables)
        {
            table.Finish();
            rows.Add(name + ".parquet", table.RowCount);
        }

        return rows;
    }

    public void Dispose()
    {
        foreach (ParquetRowWriter table in _tables.Values)
        {
            table.Dispose();
        }
    }

    private static ParquetColumn Long(string name) => new(name, ColumnType.Int64);

    private static ParquetColumn Time(string name) => new(name, ColumnType.TimestampMs);

    private static ParquetColumn Text(string name) => new(name, ColumnType.String);

    // NaN, where a value is unknown, becomes null.
    private static ParquetColumn Double(string name) => new(name, ColumnType.Double) { Nullable = true };

    private void AddBook(Symbol symbol, long sequence, in MarketEvent e)
    {
        ParquetRowWriter books = Begin(e.Kind == EventKind.Book ? "book" : "quote", symbol, sequence, e, BookColumns);
        books.Set(Own, e.LastUpdateId);
        books.Set(Own + 1, (long)e.Conflated);
        AddSide(books, Own + 2, e.Levels.Bids);
        AddSide(books, Own + 2 + (2 * Levels), e.Levels.Asks);
        books.EndRow();
    }

    private static void AddSide(ParquetRowWriter books, int column, ReadOnlySpan<PriceLevel> side)
    {
        foreach (PriceLevel level in side[..Math.Min(Levels, side.Length)])
        {
            books.Set(column++, level.Price);
            books.Set(column++, level.Quantity);
        }
    }

    private void AddBar(string name, Symbol symbol, long sequence, in MarketEvent e, Bar bar, Symbol of)
    {
        ParquetRowWriter bars = Begin(name, symbol, sequence, e, BarColumns);
        bars.Set(Own, of.Text);
        bars.Set(Own + 1, bar.OpenTime);
        bars.Set(
            Own + 2,
            [
                (double)bar.Open, (double)bar.High, (double)bar.Low, (double)bar.Close, (double)bar.Volume,
                (double)bar.QuoteVolume,
                (double)bar.TakerBuyVolume, (double)bar.TakerBuyQuoteVolume,
            ]);
        bars.Set(Own + 10, (long)bar.TradeCount);
        bars.EndRow();
    }

    // What comes seldom is text in one table: for people, not for features.
    private void AddOther(Symbol symbol, long sequence, in MarketEvent e)
    {
        ParquetRowWriter other = Begin("other", symbol, sequence, e, OtherColumns);
        other.Set(Own, e.Kind.ToString());
        other.Set(Own + 1, Content(e));
        other.EndRow();
    }

    private static string Content(in MarketEvent e) => e.Kind switch
    {
        EventKind.Settings => e.Settings.ToString(),
        EventKind.OpenInterest => e.OpenInterest.ToString(),
        EventKind.Funding => e.Funding.ToString(),
        EventKind.LongShortRatio => e.LongShortRatio.ToString(),
        EventKind.TakerRatio => e.TakerRatio.ToString(),
        EventKind.ClockOffset => FormattableString.Invariant($"{e.ClockOffsetMs} ms"),
        EventKind.FeedConnected => e.Feed.Name(),
        EventKind.FeedDisconnected or EventKind.SourceError => $"{e.Feed.Name()}:{e.Reason}",
        EventKind.Gap => e.Gap.ToString(),
        EventKind.Recovered => FormattableString.Invariant($"last received {e.LastReceiveTime}"),
        _ => string.Empty,
    };

    private ParquetRowWriter Begin(string name, Symbol symbol, long sequence, in MarketEvent e, ParquetColumn[] columns)
    {
        if (!_tables.TryGetValue(name, out ParquetRowWriter? table))
        {
            ParquetSchema schema = new(
                [Text("symbol"), Long("sequence"), Time("event_time"), Time("receive_time"), Long("duplicates"),
                    .. columns]);
            table = new ParquetRowWriter(
                ParquetFileWriter.Create(Path.Combine(_folder, name + ".parquet"), schema), groupRows: 65_536);
            _tables.Add(name, table);
        }

        table.Set(0, symbol.Text);
        table.Set(1, sequence);
        table.Set(2, e.EventTime);
        table.Set(3, e.ReceiveTime);
        table.Set(4, (long)e.Duplicates);
        return table;
    }
}
