using Feeds.Simulator.Markets;

namespace Feeds.Simulator.Server;

/// <summary>The symbols as REST knows them: all that are listed, and the past of those that trade.</summary>
internal sealed class RestSymbols
{
    private readonly Dictionary<string, SymbolSpec> _specs = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ISymbolHistory> _histories = new(StringComparer.OrdinalIgnoreCase);

    public RestSymbols(IReadOnlyList<SymbolSpec> specs, List<SymbolPublisher> publishers)
    {
        Specs = specs;
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

    /// <summary>All listed symbols.</summary>
    public IReadOnlyList<SymbolSpec> Specs { get; }

    /// <summary>Those with a market.</summary>
    public List<SymbolPublisher> Publishers { get; }

    /// <summary>
    /// Returns the past of the symbol that a request names; null with an error when it names none that is listed, and null without
    /// one when that symbol has no market.
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
        if (history is null)
        {
            query.Fail(RestError.NotTrading);
        }

        return history;
    }
}
