using System.Collections.Concurrent;
using Feeds.Core.Market;
using Feeds.Engine.Symbols;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine;

/// <summary>What the exchange says of symbols: which it trades. Read from any thread, written by the universe's actor.</summary>
public sealed class Universe
{
    private readonly ConcurrentDictionary<Symbol, string> _status = new();

    /// <summary>True once the exchange's list was read; before that every symbol counts as trading.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>True when the symbol trades, or nothing is known of the exchange's list yet.</summary>
    public bool IsTrading(Symbol symbol) =>
        !IsKnown || (_status.TryGetValue(symbol, out string? status) && status == "TRADING");

    /// <summary>Returns the exchange's word for the symbol's state, such as <c>SETTLING</c>; null when it is not listed.</summary>
    public string? StatusOf(Symbol symbol) => _status.GetValueOrDefault(symbol);

    /// <summary>Takes the whole list.</summary>
    internal void Replace(IEnumerable<KeyValuePair<Symbol, string>> listed)
    {
        HashSet<Symbol> seen = [];
        foreach ((Symbol symbol, string status) in listed)
        {
            _status[symbol] = status;
            seen.Add(symbol);
        }

        foreach (Symbol symbol in _status.Keys)
        {
            if (!seen.Contains(symbol))
            {
                _status.TryRemove(symbol, out _);
            }
        }

        IsKnown = true;
    }

    /// <summary>Takes one change.</summary>
    internal void Set(Symbol symbol, string status) => _status[symbol] = status;

    /// <summary>Tells a symbol, and the log, when the exchange began or ceased to trade it.</summary>
    internal async ValueTask AnnounceAsync(
        SymbolEntry entry, bool wasTrading, ILogger logger, long now, CancellationToken cancellationToken)
    {
        bool isTrading = IsTrading(entry.Symbol);
        if (isTrading == wasTrading)
        {
            return;
        }

        string status = StatusOf(entry.Symbol) ?? "not listed";
        if (isTrading)
        {
            Log.SymbolActive(logger, entry.Symbol.Text, status);
            await entry.TellAsync(MarketEvent.ForFeedConnected(Feed.Contract, now), cancellationToken);
        }
        else
        {
            Log.SymbolInactive(logger, entry.Symbol.Text, status);
            string reason = status.ToLowerInvariant().Replace(' ', '_');
            await entry.TellAsync(MarketEvent.ForFeedDisconnected(Feed.Contract, reason, now), cancellationToken);
        }
    }
}
