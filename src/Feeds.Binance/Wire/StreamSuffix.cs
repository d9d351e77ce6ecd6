namespace Feeds.Binance.Wire;

/// <summary>Reads the kind of a stream off its name.</summary>
internal static class StreamSuffix
{
    /// <summary>Returns the kind of the stream with this name, Unknown when it is not understood.</summary>
    public static StreamKind KindOf(ReadOnlySpan<byte> name)
    {
        int at = name.IndexOf((byte)'@');
        if (at < 0)
        {
            return name.SequenceEqual("!contractInfo"u8) ? StreamKind.Contracts
                : name.SequenceEqual("!bookTicker"u8) ? StreamKind.Quotes
                : StreamKind.Unknown;
        }

        if (name[0] == (byte)'!')
        {
            return name.SequenceEqual("!forceOrder@arr"u8) ? StreamKind.Liquidations
                : name.StartsWith("!markPrice@arr"u8) ? StreamKind.Mark
                : StreamKind.Unknown;
        }

        ReadOnlySpan<byte> suffix = name[(at + 1)..];
        return suffix switch
        {
            _ when suffix.SequenceEqual("aggTrade"u8) => StreamKind.Trades,
            _ when suffix.SequenceEqual("bookTicker"u8) => StreamKind.Quotes,
            _ when suffix.StartsWith("markPrice"u8) => Followed(suffix, 9) ? StreamKind.Mark : StreamKind.Unknown,
            _ when suffix.StartsWith("kline_"u8) => StreamKind.Bars,
            _ when suffix.SequenceEqual("forceOrder"u8) => StreamKind.Liquidations,
            _ when suffix.StartsWith("depth"u8) => DepthKind(suffix),
            _ => StreamKind.Unknown,
        };
    }

    // "depth", "depth@100ms" carry changes; "depth5", "depth20@100ms" carry the best levels.
    private static StreamKind DepthKind(ReadOnlySpan<byte> suffix)
    {
        int end = 5;
        while (end < suffix.Length && char.IsAsciiDigit((char)suffix[end]))
        {
            end++;
        }

        return !Followed(suffix, end) ? StreamKind.Unknown
            : end == 5 ? StreamKind.DiffDepth
            : StreamKind.PartialDepth;
    }

    private static bool Followed(ReadOnlySpan<byte> suffix, int end) => end == suffix.Length
        || suffix[end] == (byte)'@';
}
