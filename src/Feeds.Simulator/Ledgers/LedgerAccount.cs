using System.Runtime.InteropServices;

namespace Feeds.Simulator.Ledgers;

/// <summary>
/// A ledger as its file tells it. Only what is final is in it: pushes of bars that were still forming are left out.
/// Holds about 50 bytes a message.
/// </summary>
public sealed class LedgerAccount
{
    private readonly Dictionary<(string Stream, string Symbol), Dictionary<long, LedgerEntry>> _entries = [];
    private readonly Dictionary<string, List<LedgerTrades>> _trades = new(StringComparer.Ordinal);

    internal LedgerAccount(long startTime) => StartTime = startTime;

    /// <summary>When the venue began, by its own clock, epoch ms.</summary>
    public long StartTime { get; }

    /// <summary>
    /// When the venue ended, epoch ms; 0 when the file was not closed, so that more may have been sent than it says.
    /// </summary>
    public long EndTime { get; internal set; }

    /// <summary>
    /// The streams with messages: the stream's name, and the symbol in a stream of all symbols (empty in others).
    /// </summary>
    public IReadOnlyCollection<(string Stream, string Symbol)> Streams => _entries.Keys;

    /// <summary>The symbols with trades, as the venue spells them.</summary>
    public IReadOnlyCollection<string> TradedSymbols => _trades.Keys;

    /// <summary>Returns what a stream had to say, in the order of generation, each id once.</summary>
    public IReadOnlyCollection<LedgerEntry> Entries(string stream, string symbol = "") =>
        _entries.TryGetValue((stream, symbol), out Dictionary<long, LedgerEntry>? entries) ? entries.Values : [];

    /// <summary>Returns the trades of a symbol since the start, whether or not anybody asked for them.</summary>
    public IReadOnlyList<LedgerTrades> Trades(string symbol) =>
        _trades.TryGetValue(symbol, out List<LedgerTrades>? trades) ? trades : [];

    internal void Generated(string stream, string symbol, long id, long eventTime)
    {
        ref LedgerEntry entry = ref At(stream, symbol, id, out bool exists);
        if (!exists)
        {
            entry = new LedgerEntry(id, eventTime, 0);
        }
    }

    internal void Sent(string stream, string symbol, long id, long eventTime)
    {
        ref LedgerEntry entry = ref At(stream, symbol, id, out bool exists);
        entry = exists ? entry with { Copies = entry.Copies + 1 } : new LedgerEntry(id, eventTime, 1);
    }

    internal void Traded(string symbol, LedgerTrades trades)
    {
        if (!_trades.TryGetValue(symbol, out List<LedgerTrades>? list))
        {
            _trades.Add(symbol, list = []);
        }

        // Steps of a market that follow one another are one range.
        if (list.Count > 0 && list[^1].LastId + 1 == trades.FirstId
            && trades.LastTime / 1000 == list[^1].FirstTime / 1000)
        {
            list[^1] = list[^1] with { LastId = trades.LastId, LastTime = trades.LastTime };
        }
        else
        {
            list.Add(trades);
        }
    }

    private ref LedgerEntry At(string stream, string symbol, long id, out bool exists)
    {
        if (!_entries.TryGetValue((stream, symbol), out Dictionary<long, LedgerEntry>? entries))
        {
            _entries.Add((stream, symbol), entries = []);
        }

        return ref CollectionsMarshal.GetValueRefOrAddDefault(entries, id, out exists);
    }
}
