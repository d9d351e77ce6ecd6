using System.Globalization;

namespace Feeds.Storage.Journals;

/// <summary>
/// The name of a file of the journal: position of its first event, time of its making, and its form as the extension,
/// as in
/// <c>000000000000012345-20261121T033000000Z.open</c>. Names sort as the events do.
/// </summary>
internal readonly record struct SegmentName(long FirstPosition, long CreatedTime, string Extension)
{
    public const string Open = ".open";
    public const string Sealed = ".sealed";
    public const string Snapshot = ".snapshot";

    /// <summary>What a file is called until it is whole and durable.</summary>
    public const string Temporary = ".tmp";

    /// <summary>The end of a damaged segment, kept for a person.</summary>
    public const string Quarantine = ".damaged";

    private const string TimeFormat = "yyyyMMdd'T'HHmmssfff'Z'";

    /// <summary>The name without the extension; an open segment and what it is sealed into share it.</summary>
    public string Stem => string.Create(
        CultureInfo.InvariantCulture,
        $"{FirstPosition:D18}-"
        + $"{DateTimeOffset.FromUnixTimeMilliseconds(CreatedTime).ToString(TimeFormat, CultureInfo.InvariantCulture)}");

    /// <inheritdoc/>
    public override string ToString() => Stem + Extension;

    /// <summary>True when a path's file name is one of the journal's.</summary>
    public static bool TryParse(string path, out SegmentName name)
    {
        name = default;
        string text = Path.GetFileName(path);
        int dot = text.IndexOf('.', StringComparison.Ordinal);
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dot < 0 || dash != 18 || dot < dash
            || !long.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out long position)
            || !DateTimeOffset.TryParseExact(
                text.AsSpan((dash + 1)..dot), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
                out DateTimeOffset time))
        {
            return false;
        }

        name = new SegmentName(position, time.ToUnixTimeMilliseconds(), text[dot..]);
        return true;
    }
}
