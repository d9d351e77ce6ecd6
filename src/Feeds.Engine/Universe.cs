using System.Collections.Concurrent;
using Feeds.Core.Market;
using Feeds.Engine.Symbols;
using Microsoft.Extensions.Logging;

namespace Feeds.Engine;

/// <summary>
/// What the exchange says of symbols: which it trades. Read from any thread, written by the universe's actor.
/// </summary>
public sealed class Universe
{
    // Listing times a minute apart are the same listing, written down twice.
    private const long SameListingMs = 60_000;

    private readonly ConcurrentDictionary<Symbol, string> _status = new();
    private readonly ConcurrentDictionary<Symbol, long> _onboardTime = new();

    /// <summary>True once the exchange's list was read; before that every symbol counts as trading.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>True when the symbol trades, or nothing is known of the exchange's list yet.</summary>
    public bool IsTrading(Symbol symbol) =>
        !IsKnown || (_status.TryGetValue(symbol, out string? status) && status == "TRADING");

    /// <summary>
    /// Returns the exchange's word for the symbol's state, such as <c>SETTLING</c>; null when it is not listed.
    /// </summary>
    public string? StatusOf(Symbol symbol) => _status.GetValueOrDefault(symbol);

    /// <summary>Takes the whole list; returns the symbols that were listed again.</summary>
    internal IReadOnlySet<Symbol> Replace(IEnumerable<(Symbol Symbol, string Status, long OnboardTime)> listed)
    {
        HashSet<Symbol> seen = [];
        HashSet<Symbol> relisted = [];
        foreach ((Symbol symbol, string status, long onboardTime) in listed)
        {
            if (Set(symbol, status, onboardTime))
            {
                relisted.Add(symbol);
            }

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
        return relisted;
    }

    /// <summary>
    /// Takes one change; the time of listing is epoch ms, 0 when not known. True when the symbol has a later one than
    /// was known: another instrument under the same name.
    /// </summary>
    internal bool Set(Symbol symbol, string status, long onboardTime)
    {
        _status[symbol] = status;
        if (onboardTime <= 0)
        {
            return false;
        }

        long known = _onboardTime.GetValueOrDefault(symbol);
        _onboardTime[symbol] = Math.Max(known, onboardTime);
        return known > 0 && onboardTime - known > SameListingMs;
    }

    /// <summary>
    /// Tells a symbol, and the log, when the exchange began or ceased to trade it, or listed it again.
    /// </summary>
    internal async ValueTask AnnounceAsync(
        SymbolEntry entry, bool wasTrading, bool isRelisted, ILogger logger, long now,
        CancellationToken cancellationToken)
    {
        if (isRelisted)
        {
            // Its numbering begins anew: nothing between the last id and the next one is missing.
            Log.SymbolRelisted(logger, entry.Symbol.Text);
            await entry.TellAsync(
                MarketEvent.ForGap(new Gap(Feed.Trades, 0, 0, 0, 0, Gap.Relisted), now), cancellationToken);
        }

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
