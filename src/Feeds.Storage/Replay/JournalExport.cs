using Feeds.Core.Market;
using Feeds.Storage.Journals;

namespace Feeds.Storage.Replay;

/// <summary>
/// Writes the events of a journal to Parquet: one file for each kind, a row an event, in the order of symbol blocks.
/// Books have the best twenty levels of each side; what a kind has no value for is null.
/// </summary>
public static class JournalExport
{
    /// <summary>
    /// Writes the files, each whole or not at all. Returns their names and rows; kinds without events have no file.
    /// </summary>
    /// <param name="folder">The journal's folder.</param>
    /// <param name="output">The folder of the files, made when absent.</param>
    /// <param name="symbols">Which symbols; null for all.</param>
    /// <param name="from">First receive time, epoch ms.</param>
    /// <param name="to">Last receive time, epoch ms.</param>
    /// <param name="events">Told of damage; null for nobody.</param>
    /// <param name="cancellationToken">Ends it early with an exception; then there are no files.</param>
    /// <exception cref="StorageException">A file cannot be read or written.</exception>
    public static IReadOnlyDictionary<string, long> Run(
        string folder,
        string output,
        IReadOnlyCollection<Symbol>? symbols = null,
        long from = 0,
        long to = long.MaxValue,
        IStorageEvents? events = null,
        CancellationToken cancellationToken = default)
    {
        HashSet<Symbol>? wanted = symbols is null ? null : [.. symbols];
        try
        {
            Directory.CreateDirectory(output);
            using ExportTables tables = new(output);
            new JournalReader(folder, events).Read(new Visitor(tables, wanted, from, to), cancellationToken);
            return tables.Finish();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(output, $"the journal cannot be exported to {output}: {e.Message}", e);
        }
    }

    private sealed class Visitor(ExportTables tables, HashSet<Symbol>? wanted, long from, long to) : IJournalVisitor
    {
        public long NextSequence(Symbol symbol) => wanted?.Contains(symbol) ?? true ? 1 : long.MaxValue;

        public void Visit(Symbol symbol, long sequence, in MarketEvent e)
        {
            if (e.ReceiveTime >= from && e.ReceiveTime <= to)
            {
                tables.Add(symbol, sequence, e);
            }
        }
    }
}
