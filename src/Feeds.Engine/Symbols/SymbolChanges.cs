using Feeds.Core.Market;
using Feeds.Storage.Files;

namespace Feeds.Engine.Symbols;

/// <summary>
/// The symbols that operators added and removed at runtime: kept over restarts and applied over the configured list.
/// </summary>
public sealed class SymbolChanges
{
    private readonly StateFile<State> _file;
    private State _state;

    private SymbolChanges(StateFile<State> file, State state)
    {
        _file = file;
        _state = state;
    }

    /// <summary>Added symbols, in the order in which they were added.</summary>
    public IReadOnlyList<string> Added => _state.Added;

    /// <summary>Removed symbols.</summary>
    public IReadOnlyList<string> Removed => _state.Removed;

    /// <summary>
    /// Reads the changes kept under a data directory (<c>symbols.json</c>); none when there is no such file.
    /// </summary>
    /// <exception cref="Feeds.Storage.StorageException">The file cannot be read.</exception>
    public static SymbolChanges Open(string dataDirectory)
    {
        StateFile<State> file = new(Path.Combine(dataDirectory, "symbols.json"));
        return new SymbolChanges(file, file.Read() ?? new State([], []));
    }

    /// <summary>Returns the symbols to watch: the configured ones less the removed, then the added ones.</summary>
    public IReadOnlyList<Symbol> Apply(IEnumerable<Symbol> configured)
    {
        List<Symbol> symbols = [.. configured.Where(symbol => !_state.Removed.Contains(symbol.Text))];
        foreach (string text in _state.Added)
        {
            Symbol symbol = Symbol.Parse(text);
            if (!symbols.Contains(symbol))
            {
                symbols.Add(symbol);
            }
        }

        return symbols;
    }

    /// <summary>Keeps that a symbol was added.</summary>
    /// <exception cref="Feeds.Storage.StorageException">It cannot be written; nothing changed.</exception>
    public void Add(Symbol symbol) => Replace(
        new State(
            [.. _state.Added.Where(text => text != symbol.Text), symbol.Text],
            [.. _state.Removed.Where(text => text != symbol.Text)]));

    /// <summary>Keeps that a symbol was removed.</summary>
    /// <exception cref="Feeds.Storage.StorageException">It cannot be written; nothing changed.</exception>
    public void Remove(Symbol symbol) => Replace(
        new State(
            [.. _state.Added.Where(text => text != symbol.Text)],
            [.. _state.Removed.Where(text => text != symbol.Text), symbol.Text]));

    private void Replace(State state)
    {
        _file.Write(state);
        _state = state;
    }

    /// <summary>What the file holds.</summary>
    internal sealed record State(IReadOnlyList<string> Added, IReadOnlyList<string> Removed);
}
