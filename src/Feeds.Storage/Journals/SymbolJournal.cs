using Feeds.Core.Market;

namespace Feeds.Storage.Journals;

/// <summary>One symbol's part of a <see cref="JournalWriter"/>.</summary>
public sealed class SymbolJournal : ISymbolJournal
{
    private readonly JournalWriter _writer;

    internal SymbolJournal(JournalWriter writer, Symbol symbol, long lastSequence)
    {
        _writer = writer;
        Symbol = symbol;
        LastSequence = lastSequence;
    }

    /// <inheritdoc/>
    public Symbol Symbol { get; }

    /// <inheritdoc/>
    public long LastSequence { get; internal set; }

    /// <summary>The filling of the frame buffer in which <see cref="Slot"/> holds.</summary>
    internal long Filling { get; set; } = -1;

    /// <summary>The symbol's number in the frame that is being filled.</summary>
    internal int Slot { get; set; }

    /// <inheritdoc/>
    public long Append(long sequence, in MarketEvent e) => _writer.Append(this, sequence, e);
}
