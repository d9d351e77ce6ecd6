using System.Globalization;
using Feeds.Core.Catalogue;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Storage.Replay;
using Npgsql;
using Xunit;

namespace Feeds.Tests.Storage.Postgres;

/// <summary>The tables of rows against a journal in a folder.</summary>
internal static class StoredRows
{
    /// <summary>
    /// Holds that <c>feed_row</c> and <c>feature_row</c> have the ticks of the journal and no others, each value of
    /// each feature bit for bit, unknown as NULL. Returns how many rows there are.
    /// </summary>
    public static async Task<int> AreThoseOfAsync(string connectionString, string journalFolder)
    {
        IReadOnlyDictionary<Symbol, List<FeatureRow>> journal = FeatureRowSource.OfJournal(journalFolder, null);
        string[] expected = [.. journal.SelectMany(static each => each.Value)
            .Select(static row => Key(row.Symbol.Text, row.Time)).Order(StringComparer.Ordinal)];
        Assert.True(expected.Length > 20, $"{expected.Length} rows");

        await using NpgsqlConnection connection = new(
            connectionString + ";Search Path=feeds;Pooling=false;Timeout=60;Command Timeout=60");
        await connection.OpenAsync();
        Assert.Equal(expected, await KeysAsync(connection));

        string columns = string.Join(", ", FeatureCatalogue.Golden.Columns.Select(static column => $"\"{column}\""));
        await using NpgsqlCommand command = new(
            $"SELECT symbol, (extract(epoch FROM tick) * 1000)::bigint, {columns} FROM feature_row", connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        int seen = 0;
        while (await reader.ReadAsync())
        {
            FeatureRow row = journal[Symbol.Parse(reader.GetString(0))].Single(each => each.Time == reader.GetInt64(1));
            for (int i = 0; i < row.Values.Length; i++)
            {
                double stored = await reader.IsDBNullAsync(i + 2) ? double.NaN : reader.GetDouble(i + 2);
                Assert.Equal(BitConverter.DoubleToInt64Bits(row.Values[i]), BitConverter.DoubleToInt64Bits(stored));
            }

            seen++;
        }

        Assert.Equal(expected.Length, seen);
        return seen;
    }

    private static async Task<string[]> KeysAsync(NpgsqlConnection connection)
    {
        await using NpgsqlCommand command = new(
            "SELECT symbol, (extract(epoch FROM tick) * 1000)::bigint FROM feed_row", connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        List<string> keys = [];
        while (await reader.ReadAsync())
        {
            keys.Add(Key(reader.GetString(0), reader.GetInt64(1)));
        }

        return [.. keys.Order(StringComparer.Ordinal)];
    }

    private static string Key(string symbol, long tick) =>
        string.Create(CultureInfo.InvariantCulture, $"{symbol} {tick}");
}
