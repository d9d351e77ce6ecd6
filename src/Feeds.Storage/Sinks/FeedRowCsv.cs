using System.Buffers;
using System.Globalization;
using System.Text;
using Feeds.Core.Symbols;

namespace Feeds.Storage.Sinks;

/// <summary>
/// The text of 12-column rows, UTF-8, one line a row ended by <c>\n</c>. Numbers are the shortest that read back the
/// same, invariant; unknown ones are empty. Cells of text are quoted after RFC 4180, and made harmless: see
/// <see cref="CsvText"/>.
/// </summary>
public static class FeedRowCsv
{
    /// <summary>The first line of every file, without its end.</summary>
    public const string Header =
        "timestamp,symbol,oi,oi_pct,funding,basis,liq_long_usd,liq_short_usd,liq_ratio,obi_top,latency_ms,source_errors";

    /// <summary>The names of the columns, in order.</summary>
    public static IReadOnlyList<string> Columns { get; } = Header.Split(',');

    /// <summary>Bytes of a timestamp: <c>2026-11-21T03:30:00.000Z</c>.</summary>
    internal const int TimestampLength = 24;

    private const int MaxNumberLength = 32;

    /// <summary>Writes a row with its line end.</summary>
    public static void Write(FeedRow row, IBufferWriter<byte> output)
    {
        WriteTimestamp(row.TickTime, output);
        Comma(output);
        CsvText.Write(row.Symbol.Text, output);
        foreach (double number in (ReadOnlySpan<double>)
            [
                row.OpenInterest, row.OpenInterestPct, row.FundingRate, row.Basis, row.LiqLongUsd, row.LiqShortUsd,
                row.LiqRatio, row.ObiTop, row.LatencyMs,
            ])
        {
            Comma(output);
            WriteNumber(number, output);
        }

        Comma(output);
        CsvText.Write(row.SourceErrors, output);
        output.Write("\n"u8);
    }

    /// <summary>Returns a row's line without its end.</summary>
    public static string ToLine(FeedRow row)
    {
        ArrayBufferWriter<byte> output = new(256);
        Write(row, output);
        return Encoding.UTF8.GetString(output.WrittenSpan[..^1]);
    }

    /// <summary>
    /// True when a line, without its end, begins as a row does: a timestamp and a symbol. The texts are parts of the
    /// line.
    /// </summary>
    public static bool TryReadKey(ReadOnlySpan<byte> line, out long tickTime, out ReadOnlySpan<byte> symbol)
    {
        symbol = default;
        if (!TryReadTimestamp(line, out tickTime) || line.Length <= TimestampLength
            || line[TimestampLength] != (byte)',')
        {
            return false;
        }

        ReadOnlySpan<byte> rest = line[(TimestampLength + 1)..];
        int end = rest.IndexOf((byte)',');
        if (end <= 0)
        {
            return false;
        }

        // Symbols are letters, digits, '_' and '-' that do not come first: their cells are never quoted.
        symbol = rest[..end];
        return true;
    }

    /// <summary>Splits a line, without its end, into its cells as they stand, quotes included.</summary>
    public static IReadOnlyList<string> SplitCells(string line)
    {
        List<string> cells = new(12);
        int start = 0;
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '"')
            {
                quoted = !quoted;
            }
            else if (line[i] == ',' && !quoted)
            {
                cells.Add(line[start..i]);
                start = i + 1;
            }
        }

        cells.Add(line[start..]);
        return cells;
    }

    /// <summary>Writes an instant as a timestamp.</summary>
    internal static void WriteTimestamp(long time, IBufferWriter<byte> output)
    {
        DateTime utc = DateTimeOffset.FromUnixTimeMilliseconds(time).UtcDateTime;
        Span<byte> room = output.GetSpan(TimestampLength);
        utc.TryFormat(room, out int written, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    private static void WriteNumber(double number, IBufferWriter<byte> output)
    {
        if (!double.IsFinite(number))
        {
            return;
        }

        Span<byte> room = output.GetSpan(MaxNumberLength);
        number.TryFormat(room, out int written, default, CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    private static void Comma(IBufferWriter<byte> output)
    {
        output.GetSpan(1)[0] = (byte)',';
        output.Advance(1);
    }

    private static bool TryReadTimestamp(ReadOnlySpan<byte> text, out long time)
    {
        time = 0;
        if (text.Length < TimestampLength || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':'
            || text[16] != ':' || text[19] != '.' || text[23] != 'Z')
        {
            return false;
        }

        int year = Digits(text, 0, 4);
        int month = Digits(text, 5, 2);
        int day = Digits(text, 8, 2);
        int hour = Digits(text, 11, 2);
        int minute = Digits(text, 14, 2);
        int second = Digits(text, 17, 2);
        int ms = Digits(text, 20, 3);
        if (year < 1970 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 59 || ms < 0)
        {
            return false;
        }

        DateTime utc = new(year, month, day, hour, minute, second, ms, DateTimeKind.Utc);
        time = (utc.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;
        return true;
    }

    // Below 0 when one of them is no digit.
    private static int Digits(ReadOnlySpan<byte> text, int start, int count)
    {
        int value = 0;
        foreach (byte b in text.Slice(start, count))
        {
            if (!char.IsAsciiDigit((char)b))
            {
                return int.MinValue;
            }

            value = (value * 10) + (b - '0');
        }

        return value;
    }
}
