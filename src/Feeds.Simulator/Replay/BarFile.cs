using System.Globalization;
using System.Text;
using Feeds.Core;
using Feeds.Simulator.Markets;

namespace Feeds.Simulator.Replay;

/// <summary>
/// Bars of one minute as CSV, turned into trades: each bar becomes at most <see cref="TradesPerBar"/> aggregate trades
/// that open, reach both extremes and close where the bar did, and whose quantities sum to its volume and its taker-buy
/// volume exactly. The sum of price × quantity is not the recorded one.
/// </summary>
internal static class BarFile
{
    /// <summary>Most aggregate trades made of a bar.</summary>
    public const int TradesPerBar = 24;

    public static Recording Read(string name, byte[] bytes)
    {
        int dash = name.IndexOf('-', StringComparison.Ordinal);
        if (dash <= 0)
        {
            throw new FeedsException($"recording {name}: the name of a bar file begins with its symbol and a dash");
        }

        Recording recording = new(name[..dash]);
        string[] lines = Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] header = lines.Length > 0 && !char.IsAsciiDigit(lines[0][0])
            ? lines[0].TrimEnd('\r').Split(',')
            : ["open_time", "open", "high", "low", "close", "volume", "close_time", "quote_volume", "count",
                "taker_buy_volume"];
        int first = lines.Length > 0 && !char.IsAsciiDigit(lines[0][0]) ? 1 : 0;
        Columns columns = new(name, header);
        for (int i = first; i < lines.Length; i++)
        {
            Digits(recording, columns, lines[i].TrimEnd('\r').Split(','), i + 1);
        }

        long id = 1;
        long raw = 1;
        for (int i = first; i < lines.Length; i++)
        {
            Trades(recording, columns, lines[i].TrimEnd('\r').Split(','), i + 1, ref id, ref raw);
        }

        return recording;
    }

    private static void Digits(Recording recording, Columns columns, string[] cells, int line)
    {
        foreach (int column in columns.Prices)
        {
            recording.PriceDigits = Math.Max(recording.PriceDigits, columns.DigitsOf(cells, column, line));
        }

        foreach (int column in columns.Quantities)
        {
            recording.QuantityDigits = Math.Max(recording.QuantityDigits, columns.DigitsOf(cells, column, line));
        }
    }

    private static void Trades(
        Recording recording, Columns columns, string[] cells, int line, ref long id, ref long raw)
    {
        long open = columns.Time(cells, line);
        long volume = columns.Number(cells, columns.Volume, line);
        long bought = columns.TakerBuy < 0 ? volume / 2 : columns.Number(cells, columns.TakerBuy, line);
        long o = columns.Number(cells, columns.Open, line);
        long h = columns.Number(cells, columns.High, line);
        long l = columns.Number(cells, columns.Low, line);
        long c = columns.Number(cells, columns.Close, line);
        if (volume <= 0)
        {
            return;
        }

        // Quantities are × 10^8: no trade may be smaller than the symbol's own step.
        long step = Recording.Power(8 - recording.QuantityDigits);
        long tick = Recording.Power(8 - recording.PriceDigits);
        long most = columns.Count < 0 ? TradesPerBar : columns.Whole(cells, columns.Count, line);
        int count = (int)Math.Clamp(Math.Min(most, volume / step), 1, TradesPerBar);
        if (count < 4 && (h != Math.Max(o, c) || l != Math.Min(o, c)))
        {
            count = (int)Math.Min(4, Math.Max(1, volume / step));
        }

        long[] path = Path(o, h, l, c, count, tick, Noise.Hash(9, open));
        Sides(count, volume / step, bought / step, out long[] quantities, out bool[] buys);
        for (int i = 0; i < count; i++)
        {
            long last = i == count - 1 ? raw + Math.Max(0, most - count) : raw;
            recording.Records.Add(new Record
            {
                Kind = RecordKind.Trade,
                Time = open + (i * 60_000L / count) + 100,
                EventTime = open + (i * 60_000L / count) + 110,
                Id = id++,
                FirstId = raw,
                LastId = last,
                Price = path[i],
                Quantity = quantities[i] * step,
                BuyerIsMaker = !buys[i],
            });
            raw = last + 1;
        }
    }

    // Through open, one extreme, the other and close, straight in between, on whole ticks.
    private static long[] Path(long o, long h, long l, long c, int count, long tick, ulong chance)
    {
        long[] path = new long[count];
        if (count < 4)
        {
            path[0] = o;
            path[^1] = c;
            if (count == 3)
            {
                path[1] = h != Math.Max(o, c) ? h : l;
            }

            return path;
        }

        bool lowFirst = c >= o ^ (chance & 7) == 0;
        long[] corners = [o, lowFirst ? l : h, lowFirst ? h : l, c];
        for (int i = 0; i < count; i++)
        {
            double at = i * 3.0 / (count - 1);
            int leg = Math.Min(2, (int)at);
            long ticks = (long)((corners[leg + 1] - corners[leg]) / tick * (at - leg));
            path[i] = corners[leg] + (ticks * tick);
        }

        path[(count - 1) / 3] = corners[1];
        path[((count - 1) * 2 / 3) + ((count - 1) % 3 == 0 ? 0 : 1)] = corners[2];
        path[^1] = c;
        return path;
    }

    // Buys and sells take turns as often as there is something left of both; the last of each kind takes the rest.
    private static void Sides(int count, long volume, long bought, out long[] quantities, out bool[] buys)
    {
        quantities = new long[count];
        buys = new bool[count];
        long sold = volume - bought;
        int buyCount = bought == 0 ? 0 : sold == 0 ? count
            : (int)Math.Clamp(count * (double)bought / volume, 1, count - 1);
        buyCount = (int)Math.Min(buyCount, bought);
        if (count - buyCount > sold)
        {
            buyCount = count - (int)sold;
        }

        for (int i = 0, buysSoFar = 0, sellsSoFar = 0; i < count; i++)
        {
            bool buy = buysSoFar * (long)count < (i + 1) * (long)buyCount && buysSoFar < buyCount;
            buys[i] = buy;
            if (buy)
            {
                quantities[i] = (bought * (buysSoFar + 1) / buyCount) - (bought * buysSoFar / buyCount);
                buysSoFar++;
            }
            else
            {
                int sells = count - buyCount;
                quantities[i] = (sold * (sellsSoFar + 1) / sells) - (sold * sellsSoFar / sells);
                sellsSoFar++;
            }
        }
    }

    private sealed class Columns(string file, string[] header)
    {
        private readonly int _time = Required(file, header, "open_time");

        public int Open { get; } = Required(file, header, "open");

        public int High { get; } = Required(file, header, "high");

        public int Low { get; } = Required(file, header, "low");

        public int Close { get; } = Required(file, header, "close");

        public int Volume { get; } = Required(file, header, "volume");

        public int Count { get; } = Array.FindIndex(header, static name => name is "count" or "trades");

        public int TakerBuy { get; } =
            Array.FindIndex(header, static name => name is "taker_buy_volume" or "taker_buy_base_asset_volume");

        public int[] Prices => [Open, High, Low, Close];

        public int[] Quantities => TakerBuy < 0 ? [Volume] : [Volume, TakerBuy];

        public int DigitsOf(string[] cells, int column, int line)
        {
            RecordReader.Scaled(Encoding.UTF8.GetBytes(Cell(cells, column, line)), out int digits);
            return digits;
        }

        public long Number(string[] cells, int column, int line) =>
            RecordReader.Scaled(Encoding.UTF8.GetBytes(Cell(cells, column, line)), out _);

        public long Whole(string[] cells, int column, int line) =>
            long.TryParse(Cell(cells, column, line), NumberStyles.None, CultureInfo.InvariantCulture, out long value)
                ? value
                : throw new FeedsException(
                    FormattableString.Invariant($"recording {file}: line {line}: '{cells[column]}' is not a count"));

        public long Time(string[] cells, int line)
        {
            string text = Cell(cells, _time, line);
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long ms)
                ? ms
                : DateTimeOffset.TryParse(
                    text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
                    ? time.ToUnixTimeMilliseconds()
                    : throw new FeedsException(
                        FormattableString.Invariant($"recording {file}: line {line}: '{text}' is not a time"));
        }

        private static int Required(string file, string[] header, string name) =>
            Array.IndexOf(header, name) is var at and >= 0
                ? at
                : throw new FeedsException($"recording {file}: has no column {name}");

        private string Cell(string[] cells, int column, int line) => column < cells.Length
            ? cells[column]
            : throw new FeedsException(FormattableString.Invariant($"recording {file}: line {line} is too short"));
    }
}
