using System.Diagnostics;
using System.Globalization;
using Feeds.Core.Catalogue;
using Feeds.Core.Market;
using Feeds.Core.Symbols;
using Feeds.Storage.Leases;
using Feeds.Storage.Schema;
using Feeds.Storage.Sinks;
using Feeds.Tests.Storage.Postgres;
using Npgsql;

namespace Feeds.Benchmarks.Storage;

/// <summary>
/// Rows into PostgreSQL: the sink, with fence, mark, lookups and encoding, against the ceiling of the same run: the
/// same bytes, made before the clock starts, by raw COPY in transactions of the same size into tables of the same
/// shape. Transaction by transaction in turns, on a private server that keeps what it confirms (fsync on).
/// </summary>
internal static class PostgresMeasurement
{
    private const int Symbols = 600;
    private const long Start = 1_795_219_200_000;

    public static async Task<int> RunAsync(int rounds)
    {
        await using PostgresServer server = await PostgresServer.StartAsync(durable: true, "-c", "max_wal_size=4GB");
        Console.WriteLine(
            "rows in a transaction | vector | ceiling rows/s | sink rows/s | median ratio | lowest | highest");
        foreach (bool features in (bool[])[false, true])
        {
            foreach (int batch in (int[])[600, 6_000])
            {
                await CompareAsync(await server.NewDatabaseAsync(), features, batch, rounds);
            }
        }

        return 0;
    }

    private static async Task CompareAsync(string connection, bool features, int batch, int rounds)
    {
        PostgresOptions options = new()
        {
            ConnectionString = connection,
            StatementTimeout = TimeSpan.FromMinutes(2),
            IdleInTransaction = TimeSpan.FromMinutes(1)
        };
        await using PostgresDatabase raw = new(options with { Schema = "ceiling" });
        await SchemaMigrator.MigrateAsync(raw, default);
        await using PostgresLeases leases = await PostgresLeases.OpenAsync(
            new PostgresLeasesOptions { Name = "bench", LeaseTime = TimeSpan.FromHours(1) }, options,
            TimeProvider.System, default);
        await leases.RenewAsync(default);
        HeldLeases held = new();
        Symbol[] symbols = [.. Enumerable.Range(0, Symbols).Select(i => Symbol.Parse($"S{i}USDT"))];
        foreach (Symbol symbol in symbols)
        {
            await leases.AddSymbolAsync(symbol, default);
        }

        foreach (SymbolLease lease in await leases.TakeAsync(symbols, default))
        {
            held.Hold(lease);
        }

        await using PostgresRowSink sink = await PostgresRowSink.OpenAsync(leases, held, null, default);
        int transactions = (features ? 24_000 : 120_000) / batch;
        List<double> ratios = [];
        List<double> ceilings = [];
        List<double> sinks = [];
        for (int round = 0; round <= rounds; round++)
        {
            List<(TickRows Row, long Epoch)[]> rows = Make(symbols, features, round, transactions, batch);
            (double ceiling, double own) = await RunAsync(raw, sink, rows);
            if (round > 0)
            {
                // The first round makes partitions and warms code up.
                ceilings.Add(transactions * (double)batch / ceiling);
                sinks.Add(transactions * (double)batch / own);
                ratios.Add(ceiling / own);
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{batch} | {(features ? FeatureCatalogue.Golden.Columns.Count : 0)} | {Median(ceilings):0} | "
            + $"{Median(sinks):0} | {Median(ratios):0.00} | {ratios.Min():0.00} | {ratios.Max():0.00}"));
        Trace.Assert(sink.RowsHeld == 0 && held.FencedWrites == 0, "rows were left out");
    }

    // One transaction of each after the other, so that whatever else the machine does meets both.
    private static async Task<(double Ceiling, double Sink)> RunAsync(
        PostgresDatabase database, PostgresRowSink sink, List<(TickRows Row, long Epoch)[]> batches)
    {
        List<PostgresRows> ready = [];
        foreach ((TickRows Row, long Epoch)[] batch in batches)
        {
            PostgresRows rows = new();
            rows.Fill(batch);
            ready.Add(rows);
        }

        long[] days = [.. batches.SelectMany(batch => batch).Select(row => DayPartitions.DayOf(row.Row.Feed.TickTime))
            .Distinct()];
        await new DayPartitions("feed_row").EnsureAsync(database, days, default);
        await new DayPartitions("feature_row").EnsureAsync(database, days, default);
        await using NpgsqlConnection connection = await database.ConnectAsync(default);
        (TimeSpan ceiling, TimeSpan own) = (TimeSpan.Zero, TimeSpan.Zero);
        for (int i = 0; i < batches.Count; i++)
        {
            TickRows[] rows = [.. batches[i].Select(row => row.Row)];
            long from = Stopwatch.GetTimestamp();
            await using (NpgsqlTransaction transaction = await connection.BeginTransactionAsync())
            {
                await ready[i].SendAsync(connection, default);
                await transaction.CommitAsync();
            }

            long between = Stopwatch.GetTimestamp();
            await sink.WriteAsync(rows, default);
            own += Stopwatch.GetElapsedTime(between);
            ceiling += Stopwatch.GetElapsedTime(from, between);
        }

        return (ceiling.TotalSeconds, own.TotalSeconds);
    }

    private static List<(TickRows Row, long Epoch)[]> Make(
        Symbol[] symbols, bool features, int round, int transactions, int batch)
    {
        Random random = new(round);
        List<(TickRows Row, long Epoch)[]> batches = [];
        long tick = Start + (round * 1_000L * ((transactions * batch / Symbols) + 1));
        for (int i = 0; i < transactions; i++)
        {
            (TickRows Row, long Epoch)[] rows = new (TickRows Row, long Epoch)[batch];
            for (int row = 0; row < batch; row++)
            {
                if (row % Symbols == 0)
                {
                    tick += 1_000;
                }

                Symbol symbol = symbols[row % Symbols];
                double[] vector = [.. FeatureCatalogue.Golden.Columns.Select(_ => random.NextDouble())];
                rows[row] = (new TickRows(
                    new FeedRow(
                        tick, symbol, random.NextDouble(), random.NextDouble(), random.NextDouble(),
                        random.NextDouble(),
                        random.NextDouble(), random.NextDouble(), random.NextDouble(), random.NextDouble(),
                        random.NextDouble(), ""),
                    features ? new FeatureRow(tick, symbol, vector) : null), 1);
            }

            batches.Add(rows);
        }

        return batches;
    }

    private static double Median(List<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
