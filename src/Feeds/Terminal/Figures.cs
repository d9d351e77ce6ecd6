using System.Globalization;

namespace Feeds.Terminal;

/// <summary>Numbers and times as people read them; a dash for the unknown.</summary>
internal static class Figures
{
    /// <summary>What stands for an unknown value.</summary>
    public const string Unknown = "–";

    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>
    /// Returns a number with three or four digits that count: <c>1.234</c>, <c>83.5k</c>, <c>1.20M</c>.
    /// </summary>
    public static string Short(double? value) => value switch
    {
        null => Unknown,
        0 => "0",
        { } v when Math.Abs(v) >= 999.5e9 => v.ToString("0.##e0", Culture),
        { } v when Math.Abs(v) >= 999.5e6 => Digits(v / 1e9) + "B",
        { } v when Math.Abs(v) >= 999.5e3 => Digits(v / 1e6) + "M",
        { } v when Math.Abs(v) >= 9999.5 => Digits(v / 1e3) + "k",
        { } v when Math.Abs(v) >= 999.5 => v.ToString("0", Culture),
        { } v => Digits(v),
    };

    /// <summary>Returns a number with a fixed count of decimals.</summary>
    public static string Fixed(double? value, int decimals) =>
        value is { } v ? v.ToString("F" + decimals.ToString(Culture), Culture) : Unknown;

    /// <summary>Returns a fraction as percent, with four decimals.</summary>
    public static string Percent(double? fraction) => fraction is { } f
        ? (f * 100).ToString("0.0000", Culture) : Unknown;

    /// <summary>Returns a whole number with blanks between the thousands.</summary>
    public static string Count(long value) => value.ToString("#,0", Culture).Replace(',', ' ');

    /// <summary>
    /// Returns a length of time in its largest two units: <c>3.2 s</c>, <c>5m 07s</c>, <c>2d 03h</c>.
    /// </summary>
    public static string Duration(TimeSpan span) => span switch
    {
        { TotalSeconds: < 10 } => string.Create(Culture, $"{Math.Max(0, span.TotalSeconds):0.0} s"),
        { TotalMinutes: < 1 } => string.Create(Culture, $"{span.TotalSeconds:0} s"),
        { TotalHours: < 1 } => string.Create(Culture, $"{span.Minutes}m {span.Seconds:00}s"),
        { TotalDays: < 1 } => string.Create(Culture, $"{span.Hours}h {span.Minutes:00}m"),
        _ => string.Create(Culture, $"{span.Days}d {span.Hours:00}h"),
    };

    /// <summary>Returns the time of day, UTC.</summary>
    public static string Clock(DateTimeOffset? time) => time is { } t
        ? t.UtcDateTime.ToString("HH:mm:ss", Culture) : Unknown;

    private static string Digits(double value) => Math.Abs(value) switch
    {
        >= 99.95 => value.ToString("0.0", Culture),
        >= 9.995 => value.ToString("0.00", Culture),
        _ => value.ToString("0.000", Culture),
    };
}
