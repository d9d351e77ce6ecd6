using System.Diagnostics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Feeds.Core.Catalogue;
using Feeds.Core.Market;
using Feeds.Core.Numerics;
using Feeds.Core.Symbols;

namespace Feeds.Commands.Bench;

/// <summary>
/// The golden vector of many symbols at a tick each second, on two cores: the fold alone, without wire and disk.
/// </summary>
internal sealed class FeatureBench(int symbols, int seconds, TimeProvider time)
{
    private const int Cores = 2;

    // The first seconds run code that is not compiled for good yet.
    private const int UnmeasuredSeconds = 5;

    private readonly double _msPerStamp = 1000.0 / time.TimestampFrequency;

    /// <summary>Runs it. After a cancel it ends with an exception.</summary>
    public FeatureBenchResult Run(CancellationToken cancellationToken)
    {
        FeatureMarket[] markets = [.. Enumerable.Range(0, symbols).Select(static n => new FeatureMarket(n))];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Worker[] workers = [.. Enumerable.Range(0, Cores).Select(
            core => new Worker(markets.Where((_, i) => i % Cores == core), time))];
        long started = time.GetTimestamp();
        Parallel.ForEach(workers, worker => worker.WarmUp(cancellationToken));
        double warmUpMs = (time.GetTimestamp() - started) * _msPerStamp * Cores / symbols;
        long memory = (GC.GetTotalMemory(forceFullCollection: true) - before) / symbols;

        List<double> p99 = [];
        List<double> p50 = [];
        double worst = 0;
        using Process process = Process.GetCurrentProcess();
        TimeSpan cpu = default;
        long allocated = 0;
        for (int s = 1; s <= seconds + UnmeasuredSeconds; s++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (s == UnmeasuredSeconds + 1)
            {
                cpu = process.TotalProcessorTime;
                allocated = GC.GetTotalAllocatedBytes();
                Array.ForEach(workers, static worker => worker.TickMs.Clear());
            }

            long end = FeatureMarket.Start + (s * 1_000L);
            Parallel.ForEach(workers, worker => worker.ApplySecond(end));
            long tick = time.GetTimestamp();
            Parallel.ForEach(workers, worker => worker.Tick(end, tick));
            if (s > UnmeasuredSeconds)
            {
                double[] rows = [.. workers.SelectMany(static worker => worker.RowStamps).Select(
                    stamp => (stamp - tick) * _msPerStamp).Order()];
                p50.Add(rows[rows.Length / 2]);
                p99.Add(rows[Math.Min(rows.Length - 1, (int)(rows.Length * 0.99))]);
                worst = Math.Max(worst, rows[^1]);
            }
        }

        process.Refresh();
        double cpuShare = (process.TotalProcessorTime - cpu).TotalSeconds / seconds / Cores;
        long bytesPerTick = (GC.GetTotalAllocatedBytes() - allocated) / seconds / symbols;
        (long snapshotBytes, double snapshotUs) = Save(workers);
        return new FeatureBenchResult(
            symbols,
            seconds,
            workers.Sum(static worker => worker.Events),
            FeatureCatalogue.Golden.Columns.Count,
            Median([.. workers.SelectMany(static worker => worker.Known)]),
            cpuShare,
            Median([.. workers.SelectMany(static worker => worker.TickMs)]) * 1000,
            Median(p50),
            Median(p99),
            worst,
            memory,
            bytesPerTick,
            snapshotBytes,
            snapshotUs,
            warmUpMs,
            Hash(workers),
            Instructions());
    }

    private static string Instructions()
    {
        (string Name, bool Used)[] all =
        [
            ("sse4.2", Sse42.IsSupported), ("avx", Avx.IsSupported), ("avx2", Avx2.IsSupported),
            ("fma", Fma.IsSupported),
            ("avx512f", Avx512F.IsSupported), ("neon", AdvSimd.IsSupported),
        ];
        return string.Join(' ', all.Where(static each => each.Used).Select(static each => each.Name));
    }

    private static T Median<T>(List<T> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    private static string Hash(Worker[] workers)
    {
        ulong hash = 0;
        foreach (ulong each in workers.SelectMany(static worker => worker.Hashes))
        {
            // A sum, so that it does not matter who ran which symbol.
            hash += each;
        }

        return hash.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
    }

    private (long Bytes, double Us) Save(Worker[] workers)
    {
        long bytes = 0;
        StateWriter writer = new();
        long started = time.GetTimestamp();
        foreach (SymbolState state in workers.SelectMany(static worker => worker.States))
        {
            writer = new StateWriter();
            state.Save(writer);
            bytes += writer.Written.Length;
        }

        return (bytes / symbols, (time.GetTimestamp() - started) * _msPerStamp * 1000 / symbols);
    }

    private sealed class Worker
    {
        private readonly FeatureMarket[] _markets;
        private readonly TimeProvider _time;
        private readonly double _msPerStamp;
        private readonly List<MarketEvent> _events = [];

        public Worker(IEnumerable<FeatureMarket> markets, TimeProvider time)
        {
            _markets = [.. markets];
            _time = time;
            _msPerStamp = 1000.0 / time.TimestampFrequency;
            States = [.. _markets.Select(static market => new SymbolState(market.Symbol))];
            RowStamps = new long[_markets.Length];
            Hashes = new ulong[_markets.Length];
            Known = new int[_markets.Length];
            Array.Fill(Hashes, 14695981039346656037UL);
        }

        public SymbolState[] States { get; }

        public long[] RowStamps { get; }

        public ulong[] Hashes { get; }

        public int[] Known { get; }

        public List<double> TickMs { get; } = [];

        public long Events { get; private set; }

        public void WarmUp(CancellationToken cancellationToken)
        {
            for (int i = 0; i < States.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                foreach (MarketEvent e in _markets[i].History())
                {
                    Apply(States[i], e);
                }

                Apply(States[i], MarketEvent.ForTick(FeatureMarket.Start, FeatureMarket.Start));
            }

            Events = 0;
        }

        public void ApplySecond(long end)
        {
            for (int i = 0; i < States.Length; i++)
            {
                _events.Clear();
                _markets[i].Second(end, _events);
                foreach (MarketEvent e in _events)
                {
                    Apply(States[i], e);
                }
            }
        }

        public void Tick(long time, long begun)
        {
            long last = Math.Max(begun, _time.GetTimestamp());
            for (int i = 0; i < States.Length; i++)
            {
                FeatureRow row = Apply(States[i], MarketEvent.ForTick(time, time))!.Features!;
                RowStamps[i] = _time.GetTimestamp();
                TickMs.Add((RowStamps[i] - last) * _msPerStamp);
                last = RowStamps[i];
                Note(i, row);
            }
        }

        private void Note(int index, FeatureRow row)
        {
            ulong hash = Hashes[index];
            int known = 0;
            foreach (double value in row.Values)
            {
                hash = (hash ^ (ulong)BitConverter.DoubleToInt64Bits(value)) * 1099511628211;
                known += double.IsNaN(value) ? 0 : 1;
            }

            Hashes[index] = hash;
            Known[index] = known;
        }

        private TickRows? Apply(SymbolState state, in MarketEvent e)
        {
            Events++;
            return state.Admit(e) == Admission.Accepted ? state.Apply(e) : null;
        }
    }
}
