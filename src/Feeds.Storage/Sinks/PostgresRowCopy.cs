using Feeds.Core.Catalogue;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Storage.Schema;
using Npgsql;

namespace Feeds.Storage.Sinks;

/// <summary>Copies the rows of a cluster out of PostgreSQL, to be compared with what its journal gives.</summary>
public sealed class PostgresRowCopy(PostgresDatabase database)
{
    private const int BatchRows = 10_000;
    private const int FirstFeature = 13;

    private static readonly string ReadRows =
        """
        SELECT f.symbol, (extract(epoch FROM f.tick) * 1000)::bigint, f.open_interest, f.open_interest_pct, f.funding_rate, f.basis,
            f.liq_long_usd, f.liq_short_usd, f.liq_ratio, f.obi_top, f.latency_ms, f.source_errors, g.catalogue_version
        """
        + string.Concat(FeatureCatalogue.Golden.Columns.Select(name => ", g." + SqlName.Quote(name)))
        + """
         FROM feed_row f LEFT JOIN feature_row g ON g.symbol = f.symbol AND g.tick = f.tick
        WHERE $1::text[] IS NULL OR f.symbol = ANY ($1) ORDER BY f.tick, f.symbol
        """;

    /// <summary>
    /// Hands the rows on, ordered by tick and symbol, to several sinks. Feature rows of another version of the
    /// catalogue are left out. Returns how many rows, and how many with features.
    /// </summary>
    /// <exception cref="StorageException">The database cannot be read, or a sink does not take the rows.</exception>
    public async Task<(long Rows, long FeatureRows)> RunAsync(
        IReadOnlyCollection<Symbol>? symbols, IReadOnlyList<IRowSink> sinks, CancellationToken cancellationToken) =>
        await database.RunAsync(
            "the rows cannot be read",
            async connection =>
            {
                await using NpgsqlCommand command = new(ReadRows, connection);
                command.Parameters.Add(new NpgsqlParameter<string[]?>
                {
                    TypedValue = symbols is null ? null : [.. symbols.Select(static symbol => symbol.Text)],
                });
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
                object[] cells = new object[reader.FieldCount];
                List<TickRows> batch = [];
                (long rows, long features) = (0, 0);
                while (await reader.ReadAsync(cancellationToken))
                {
                    reader.GetValues(cells);
                    TickRows row = Of(cells);
                    (rows, features) = (rows + 1, features + (row.Features is null ? 0 : 1));
                    batch.Add(row);
                    if (batch.Count >= BatchRows)
                    {
                        await WriteAsync(sinks, batch, cancellationToken);
                    }
                }

                await WriteAsync(sinks, batch, cancellationToken);
                return (rows, features);
            },
            cancellationToken);

    private static async Task WriteAsync(
        IReadOnlyList<IRowSink> sinks, List<TickRows> batch, CancellationToken cancellationToken)
    {
        foreach (IRowSink sink in sinks)
        {
            await sink.WriteAsync(batch, cancellationToken);
        }

        batch.Clear();
    }

    private static TickRows Of(object[] cells)
    {
        double At(int i) => cells[i] is double value ? value : double.NaN;
        Symbol symbol = Symbol.Parse((string)cells[0]);
        long tick = (long)cells[1];
        FeedRow feed = new(
            tick, symbol, At(2), At(3), At(4), At(5), At(6), At(7), At(8), At(9), At(10), (string)cells[11]);
        if (cells[12] is not FeatureCatalogue.Version)
        {
            return new TickRows(feed, null);
        }

        double[] values = new double[FeatureCatalogue.Golden.Columns.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = At(FirstFeature + i);
        }

        return new TickRows(feed, new FeatureRow(tick, symbol, values));
    }
}
