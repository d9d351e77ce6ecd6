using Feeds.Core.Catalogue;
using Feeds.Core.Symbols;
using Feeds.Storage.Schema;
using Npgsql;

namespace Feeds.Storage.Sinks;

/// <summary>
/// The rows of ticks as the tables have them: how they are sent, and whether one that is there is the same.
/// </summary>
internal sealed class PostgresRows
{
    private const int FeedColumns = 13;
    private const int KeyColumns = 3;

    private const string CopyFeed =
        """
        COPY feed_row (symbol, tick, open_interest, open_interest_pct, funding_rate, basis, liq_long_usd, liq_short_usd, liq_ratio,
            obi_top, latency_ms, source_errors, epoch) FROM STDIN (FORMAT binary)
        """;

    private static readonly string Names = string.Join(", ", FeatureCatalogue.Golden.Columns.Select(SqlName.Quote));

    private static readonly string CopyFeatures =
        "COPY feature_row (symbol, tick, catalogue_version, " + Names + ") FROM STDIN (FORMAT binary)";

    private static readonly string ReadHeld =
        """
        SELECT k.place, f.open_interest, f.open_interest_pct, f.funding_rate, f.basis, f.liq_long_usd, f.liq_short_usd, f.liq_ratio,
            f.obi_top, f.latency_ms, f.source_errors, g.catalogue_version
        """
        + string.Concat(FeatureCatalogue.Golden.Columns.Select(name => ", g." + SqlName.Quote(name)))
        + """
         FROM unnest($1::text[], $2::timestamptz[]) WITH ORDINALITY AS k (symbol, tick, place)
        JOIN feed_row f ON f.symbol = k.symbol AND f.tick = k.tick
        LEFT JOIN feature_row g ON g.symbol = k.symbol AND g.tick = k.tick
        """;

    private readonly CopyBuffer _feed = new();
    private readonly CopyBuffer _features = new();

    /// <summary>Makes rows ready to be sent.</summary>
    public void Fill(IEnumerable<(TickRows Row, long Epoch)> rows)
    {
        _feed.Begin();
        _features.Begin();
        foreach ((TickRows row, long epoch) in rows)
        {
            Add(row.Feed, epoch);
            if (row.Features is { } features)
            {
                Add(features);
            }
        }

        _feed.End();
        _features.End();
    }

    /// <summary>Sends what was made ready, inside a transaction.</summary>
    public async Task SendAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await _feed.SendAsync(connection, CopyFeed, cancellationToken);
        await _features.SendAsync(connection, CopyFeatures, cancellationToken);
    }

    /// <summary>
    /// Returns, for each of the rows, whether it is there: null when it is not, true when it is the same, bit for bit.
    /// </summary>
    public static async Task<bool?[]> CompareAsync(
        NpgsqlConnection connection, IReadOnlyList<TickRows> rows, CancellationToken cancellationToken)
    {
        bool?[] same = new bool?[rows.Count];
        await using NpgsqlCommand command = new(ReadHeld, connection);
        command.Parameters.Add(
            new NpgsqlParameter<string[]> { TypedValue = [.. rows.Select(row => row.Feed.Symbol.Text)] });
        command.Parameters.Add(new NpgsqlParameter<DateTime[]>
        {
            TypedValue = [.. rows.Select(
                row => DateTimeOffset.FromUnixTimeMilliseconds(row.Feed.TickTime).UtcDateTime)],
        });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            int place = (int)reader.GetInt64(0) - 1;
            same[place] = IsSame(reader, rows[place]);
        }

        return same;
    }

    private void Add(FeedRow row, long epoch)
    {
        _feed.Row(FeedColumns);
        _feed.Text(row.Symbol.Text);
        _feed.Time(row.TickTime);
        foreach (double value in ValuesOf(row))
        {
            _feed.Double(value);
        }

        _feed.Text(row.SourceErrors);
        _feed.Int64(epoch);
    }

    private void Add(FeatureRow row)
    {
        ReadOnlySpan<double> values = row.Values;
        _features.Row(KeyColumns + values.Length);
        _features.Text(row.Symbol.Text);
        _features.Time(row.Time);
        _features.Int32(FeatureCatalogue.Version);
        foreach (double value in values)
        {
            _features.Double(value);
        }
    }

    private static double[] ValuesOf(FeedRow row) =>
    [
        row.OpenInterest, row.OpenInterestPct, row.FundingRate, row.Basis, row.LiqLongUsd, row.LiqShortUsd,
        row.LiqRatio,
        row.ObiTop, row.LatencyMs,
    ];

    private static bool IsSame(NpgsqlDataReader reader, TickRows row)
    {
        double[] values = ValuesOf(row.Feed);
        if (!AreSame(reader, 1, values) || reader.GetString(1 + values.Length) != row.Feed.SourceErrors)
        {
            return false;
        }

        int version = 2 + values.Length;

        // Features of another catalogue are other features; a row without features is no less a row.
        return row.Features is not { } features || reader.IsDBNull(version)
            || reader.GetInt32(version) != FeatureCatalogue.Version || AreSame(reader, version + 1, features.Values);
    }

    private static bool AreSame(NpgsqlDataReader reader, int first, ReadOnlySpan<double> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            double there = reader.IsDBNull(first + i) ? double.NaN : reader.GetDouble(first + i);
            if (double.IsNaN(values[i]) ? !double.IsNaN(there)
                : BitConverter.DoubleToInt64Bits(values[i]) != BitConverter.DoubleToInt64Bits(there))
            {
                return false;
            }
        }

        return true;
    }
}
