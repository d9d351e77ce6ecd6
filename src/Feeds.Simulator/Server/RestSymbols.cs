using System.Collections.Concurrent;
using Feeds.Simulator.Markets;

namespace Feeds.Simulator.Server;

/// <summary>The symbols as REST knows them: all that are listed, and the past of those that trade.</summary>
internal sealed class RestSymbols
{
    private readonly Dictionary<string, SymbolSpec> _specs = new(StringComparer.OrdinalIgnoreCase);
    private readonly IReadOnlyList<SymbolSpec> _listed;
    private readonly ConcurrentDictionary<string, (string Status, long Since)> _statuses = new(
        StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, long> _onboardTimes = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ISymbolHistory> _histories = new(StringComparer.OrdinalIgnoreCase);

    public RestSymbols(IReadOnlyList<SymbolSpec> specs, List<SymbolPublisher> publishers)
    {
        _listed = specs;
        Publishers = publishers;
        foreach (SymbolSpec spec in specs)
        {
            _specs[spec.Symbol] = spec;
        }

        foreach (SymbolPublisher publisher in publishers)
        {
            _specs[publisher.Spec.Symbol] = publisher.Spec;
            _histories[publisher.Spec.Symbol] = publisher.History;
        }
    }

    /// <summary>All listed symbols, with the status they have now.</summary>
    public IReadOnlyList<SymbolSpec> Specs =>
        [.. _listed.Select(
            spec => _statuses.TryGetValue(spec.Symbol, out (string Status, long Since) now)
                ? spec with { Status = now.Status,
                    OnboardTime = _onboardTimes.GetValueOrDefault(spec.Symbol, spec.OnboardTime) }
                : spec)];

    /// <summary>Those with a market.</summary>
    public List<SymbolPublisher> Publishers { get; }

    /// <summary>
    /// Returns the past of the symbol that a request names; null with an error when it names none that is listed, and
    /// null without one when that symbol has no market.
    /// </summary>
    public ISymbolHistory? Find(RestQuery query, string parameter = "symbol")
    {
        string name = query.Text(parameter);
        if (name.Length == 0)
        {
            query.Fail(RestError.Missing(parameter));
            return null;
        }

        // REST takes lower-case names, unlike the streams.
        if (!_specs.TryGetValue(name, out SymbolSpec? spec))
        {
            query.Fail(RestError.InvalidSymbol);
            return null;
        }

        return _histories.GetValueOrDefault(spec.Symbol);
    }

    /// <summary>As <see cref="Find"/>, with an error for a symbol that has no market.</summary>
    public ISymbolHistory? FindTrading(RestQuery query, string parameter = "symbol")
    {
        ISymbolHistory? history = Find(query, parameter);
        if (history is null || !IsTrading(history.Spec.Symbol))
        {
            query.Fail(RestError.NotTrading);
        }

        return history;
    }

    /// <summary>
    /// Gives a symbol another status from a time on; what is no longer <c>TRADING</c> has no present and no further
    /// past.
    /// </summary>
    public void SetStatus(string symbol, string status, long since) => _statuses[symbol] = (status, since);

    /// <summary>Lists a symbol again, with the time of listing that its properties have.</summary>
    public void Relist(SymbolSpec spec)
    {
        _onboardTimes[spec.Symbol] = spec.OnboardTime;
        SetStatus(spec.Symbol, "TRADING", spec.OnboardTime);
    }

    /// <summary>Returns the present, or the end of trading for a request that names a symbol which ended.</summary>
    public long NowOf(RestQuery query, long now)
    {
        string name = query.Has("symbol") ? query.Text("symbol") : query.Text("pair");
        return name.Length > 0 && !IsTrading(name) ? Math.Min(now, _statuses[name].Since) : now;
    }

    private bool IsTrading(string symbol) =>
        !_statuses.TryGetValue(symbol, out (string Status, long Since) now) || now.Status == "TRADING";
}
