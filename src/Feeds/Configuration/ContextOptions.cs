using System.Collections.Immutable;
using Feeds.Core.Market;

namespace Feeds.Configuration;

/// <summary>The section <c>context</c>.</summary>
internal sealed record ContextOptions
{
    /// <summary>The symbols whose bars are context for all others.</summary>
    public IReadOnlyList<Symbol> ReferenceSymbols { get; init; } = [Symbol.Parse("BTCUSDT"), Symbol.Parse("ETHUSDT")];

    /// <summary>Sectors by name, each with its members.</summary>
    public ImmutableSortedDictionary<string, IReadOnlyList<Symbol>> Sectors { get; init; } =
        ImmutableSortedDictionary.Create<string, IReadOnlyList<Symbol>>(StringComparer.Ordinal).Add(
            "meme", [Symbol.Parse("DOGEUSDT"), Symbol.Parse("1000SHIBUSDT"), Symbol.Parse("1000PEPEUSDT")]);
}
