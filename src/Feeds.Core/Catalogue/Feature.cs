namespace Feeds.Core.Catalogue;

/// <summary>
/// A feature as it is declared, once: what is known of it, and how its value is read off the state of a symbol. Binding
/// makes the operators it needs; what it returns gives the newest value.
/// </summary>
internal sealed record Feature<TState>(FeatureDefinition Definition, Func<TState, Func<double>> Bind);
