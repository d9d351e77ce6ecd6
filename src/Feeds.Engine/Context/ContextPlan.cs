using Feeds.Core.Market;

namespace Feeds.Engine.Context;

/// <summary>
/// Which symbols are context for which: two references for all, and the other members of a symbol's sector.
/// </summary>
internal sealed class ContextPlan
{
    private readonly IReadOnlyList<Symbol> _references;
    private readonly IReadOnlyList<IReadOnlyList<Symbol>> _sectors;

    /// <summary>Makes the plan of a node; an empty one when it computes no features.</summary>
    public ContextPlan(NodeOptions options)
    {
        _references = options.Features ? options.ReferenceSymbols : [];
        _sectors = options.Features ? options.Sectors : [];
        Symbols = [.. _references.Concat(_sectors.SelectMany(static sector => sector)).Distinct()];
    }

    /// <summary>Every symbol that is context for some other, each once.</summary>
    public IReadOnlyList<Symbol> Symbols { get; }

    /// <summary>Returns what a symbol is compared with. In more than one sector, the first one counts.</summary>
    public ContextSymbols Of(Symbol symbol) => new(
        _references.ElementAtOrDefault(0),
        _references.ElementAtOrDefault(1),
        _sectors.FirstOrDefault(sector => sector.Contains(symbol)) ?? []);
}
