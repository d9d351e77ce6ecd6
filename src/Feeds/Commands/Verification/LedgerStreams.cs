using Feeds.Core.Market;
using Feeds.Simulator.Ledgers;

namespace Feeds.Commands.Verification;

/// <summary>Which of a ledger's streams a feed of a symbol comes from.</summary>
internal static class LedgerStreams
{
    /// <summary>Returns what the venue has to say of a feed, each id once, in no order.</summary>
    public static IEnumerable<LedgerEntry> Of(LedgerAccount ledger, Symbol symbol, Feed feed)
    {
        string prefix = symbol.Text.ToLowerInvariant() + "@";
        return feed switch
        {
            Feed.Trades => Trades(ledger, symbol, prefix + "aggTrade"),
            Feed.Depth => Named(ledger, name => IsPartialBook(name, prefix)),
            Feed.Quotes => ledger.Entries(prefix + "bookTicker"),
            Feed.Mark => Named(ledger, name => name == prefix + "markPrice" || name == prefix + "markPrice@1s"),
            Feed.Bars => ledger.Entries(prefix + "kline_1m"),
            Feed.Liquidations => ledger.Entries("!forceOrder@arr", symbol.Text),
            _ => [],
        };
    }

    // depth20@100ms, depth5; not depth@100ms, which carries changes.
    private static bool IsPartialBook(string name, string prefix) =>
        name.StartsWith(prefix + "depth", StringComparison.Ordinal)
        && name.Length > prefix.Length + 5 && char.IsAsciiDigit(name[prefix.Length + 5]);

    private static IEnumerable<LedgerEntry> Named(LedgerAccount ledger, Func<string, bool> isOne) =>
        ledger.Streams.Where(stream => isOne(stream.Stream)).SelectMany(
            stream => ledger.Entries(stream.Stream, stream.Symbol))
            .DistinctBy(static entry => entry.Id);

    // All trades of the market since the venue's start: a hole in the stream is filled from there.
    private static IEnumerable<LedgerEntry> Trades(LedgerAccount ledger, Symbol symbol, string stream)
    {
        Dictionary<long, int> copies = ledger.Entries(stream).ToDictionary(
            static entry => entry.Id, static entry => entry.Copies);
        foreach (LedgerTrades trades in ledger.Trades(symbol.Text))
        {
            for (long id = trades.FirstId; id <= trades.LastId; id++)
            {
                yield return new LedgerEntry(id, trades.FirstTime, copies.GetValueOrDefault(id));
            }
        }
    }
}
