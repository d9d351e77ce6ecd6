using System.Collections.Immutable;
using Feeds.Core.Market;

namespace Feeds.Configuration;

/// <summary>A list of symbols, each once.</summary>
internal sealed class SymbolsKind(int min) : ValueKind<IReadOnlyList<Symbol>>
{
    public override string Allowed => min == 0 ? "a list of symbols" : "a list of symbols, at least one";

    public override string Write(IReadOnlyList<Symbol> value) => $"[{string.Join(", ", value)}]";

    public override bool TryRead(ConfigNode node, out IReadOnlyList<Symbol> value, out string error)
    {
        IReadOnlyList<Symbol>? symbols = ListReading.Symbols(node, out error);
        value = symbols ?? [];
        if (symbols is null || symbols.Count >= min) return symbols is not null;
        error = "at least one symbol is needed";
        return false;
    }
}

/// <summary>Sectors: a map from a name to a list of symbols.</summary>
internal sealed class SectorsKind : ValueKind<ImmutableSortedDictionary<string, IReadOnlyList<Symbol>>>
{
    public override string Allowed => "a map from a sector's name to a list of symbols";

    public override string Write(ImmutableSortedDictionary<string, IReadOnlyList<Symbol>> value) =>
        $"{{ {string.Join(", ", value.Select(static s => $"{s.Key}: [{string.Join(", ", s.Value)}]"))} }}";

    public override bool TryRead(
        ConfigNode node, out ImmutableSortedDictionary<string, IReadOnlyList<Symbol>> value, out string error)
    {
        var sectors = ImmutableSortedDictionary.CreateBuilder<string, IReadOnlyList<Symbol>>(StringComparer.Ordinal);
        value = sectors.ToImmutable();
        error = $"must be {Allowed}";
        if (node.IsNull) return true;
        if (node.Entries is null) return false;
        foreach ((string name, ConfigNode members) in node.Entries)
        {
            if (ListReading.Symbols(members, out error) is not { } symbols) return false;
            if (sectors.TryAdd(name, symbols)) continue;
            error = $"{name} is named twice";
            return false;
        }
        value = sectors.ToImmutable();
        return true;
    }
}
