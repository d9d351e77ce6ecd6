using Feeds.Parquet.Schema;
using Feeds.Parquet.Writing;

namespace Feeds.Benchmarks.Parquet;

/// <summary>
/// Feature rows as a node writes them: all symbols at each tick, a time, the symbol, and sixty doubles that move as
/// features do: prices on their tick size, averages, returns, ratios between 0 and 1, counts, funding that rests for
/// hours, warm-up.
/// </summary>
internal static class FeatureTable
{
    public const int Symbols = 200;
    public const int Features = 10 * PerKind;
    private const int PerKind = 6;

    public static BenchmarkTable Make(int rows, int seed)
    {
        var random = new Random(seed);
        var markets = Enumerable.Range(0, Symbols).Select(_ => new Market(random)).ToArray();
        var columns = new List<ParquetColumn> { new("ts", ColumnType.Int64), new("symbol", ColumnType.String) };
        var time = new long[rows];
        var codes = new int[rows];
        var features = new double[Features][];
        for (var i = 0; i < features.Length; i++)
        {
            features[i] = new double[rows];
            columns.Add(ParquetColumn.Feature($"feature_{i:00}"));
        }

        var row = new double[features.Length];
        for (var i = 0; i < rows; i++)
        {
            time[i] = 1_700_000_000_000 + (i / Symbols * 1000L);
            codes[i] = i % Symbols;
            markets[i % Symbols].Next(row);
            for (var f = 0; f < row.Length; f++) features[f][i] = row[f];
        }

        var names = Enumerable.Range(0, Symbols).Select(i => $"COIN{i}USDT").ToArray();
        var parts = new List<ColumnValues[]>();
        for (var start = 0; start < rows; start += 100_000)
        {
            var range = start..Math.Min(rows, start + 100_000);
            parts.Add([ColumnValues.Of(time.AsMemory(range)), ColumnValues.OfCodes(codes.AsMemory(range), names),
                .. features.Select(f => ColumnValues.Of(f.AsMemory(range)))]);
        }

        return new BenchmarkTable("feature rows", new ParquetSchema(columns), parts, rows,
            ["feature_03", "feature_09", "feature_14", "feature_21", "feature_30", "feature_38", "feature_45",
            "feature_57"]);
    }

    internal sealed class Market
    {
        private readonly Random _random;
        private readonly double _tick;
        private readonly int _digits;
        private readonly double[] _averages = new double[PerKind];
        private readonly double[] _slow = new double[PerKind];
        private double _price;
        private double _funding;
        private long _age;

        public Market(Random random)
        {
            _random = random;
            _digits = random.Next(1, 5);
            _tick = Math.Round(Math.Pow(10, -_digits), _digits);
            _price = OnTick(random.Next(1000, 1_000_000) * _tick);
            _averages.AsSpan().Fill(_price);
        }

        public void Next(double[] row)
        {
            var before = _price;
            _price = OnTick(Math.Max(_tick, _price + (_price * 0.0002 * Normal())));
            if (_age++ % 28_800 == 0) _funding = Math.Round(Normal() * 0.0001, 8);
            for (var k = 0; k < PerKind; k++)
            {
                var weight = 2.0 / (5 << k);
                _averages[k] += weight * (_price - _averages[k]);
                _slow[k] += weight * (Normal() - _slow[k]);
                var spread = _tick * (1 + _random.Next(3));
                row[k] = OnTick(_price - (k * _tick));
                row[PerKind + k] = Math.Round(_random.NextDouble() * 1000, 3);
                row[(2 * PerKind) + k] = _averages[k];
                row[(3 * PerKind) + k] = _age > 15 << k ? (_price / _averages[k]) - 1 : double.NaN;
                row[(4 * PerKind) + k] = Math.Log(_price / before) + (1e-5 * k * Normal());
                row[(5 * PerKind) + k] = 0.5 + (Math.Tanh(_slow[k]) / 2);
                row[(6 * PerKind) + k] = spread / _price * 10_000;
                row[(7 * PerKind) + k] = _random.Next(20 << k);
                row[(8 * PerKind) + k] = k == 0 ? _funding : _slow[k] * _price;
                row[(9 * PerKind) + k] = _age > 30 << k ? 100 / (1 + Math.Exp(-_slow[k])) : double.NaN;
            }
        }

        // As if read from the exchange's decimal text.
        private double OnTick(double price) => Math.Round(price, _digits);

        private double Normal() =>
            Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
    }
}
