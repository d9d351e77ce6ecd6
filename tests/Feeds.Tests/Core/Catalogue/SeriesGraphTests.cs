using Feeds.Core.Catalogue;
using Feeds.Core.Numerics;
using Xunit;

namespace Feeds.Tests.Core.Catalogue;

public sealed class SeriesGraphTests
{
    private delegate double SlowTwin(double[] x, double[] h, double[] l);

    private static readonly Dictionary<string, (Func<Inputs, Series> Make, SlowTwin Twin)> Operators = new()
    {
        ["lag"] = (g => g.Graph.Lag(g.X, 3), (x, _, _) => SlowTwins.Lag(x, 3)),
        ["sum"] = (g => g.Graph.Sum(g.X, 7), (x, _, _) => SlowTwins.Sum(x, 7)),
        ["mean"] = (g => g.Graph.Mean(g.X, 20), (x, _, _) => SlowTwins.Mean(x, 20)),
        ["std"] = (g => g.Graph.Std(g.X, 20), (x, _, _) => SlowTwins.Std(x, 20)),
        ["z"] = (g => g.Graph.ZScore(g.X, 12), (x, _, _) => SlowTwins.ZScore(x, 12)),
        ["max"] = (g => g.Graph.Max(g.X, 14), (x, _, _) => SlowTwins.Max(x, 14)),
        ["min"] = (g => g.Graph.Min(g.X, 1), (x, _, _) => SlowTwins.Min(x, 1)),
        ["percentile"] = (g => g.Graph.Percentile(g.X, 25), (x, _, _) => SlowTwins.Percentile(x, 25)),
        ["skew"] = (g => g.Graph.Skew(g.X, 15), (x, _, _) => SlowTwins.Skew(x, 15)),
        ["kurtosis"] = (g => g.Graph.Kurtosis(g.X, 15), (x, _, _) => SlowTwins.Kurtosis(x, 15)),
        ["correlation"] = (g => g.Graph.Correlation(g.H, g.X, 18), (x, h, _) => SlowTwins.Correlation(h, x, 18)),
        ["slope"] = (g => g.Graph.Slope(g.H, g.X, 18), (x, h, _) => SlowTwins.Slope(h, x, 18)),
        ["autocorrelation"] = (g => g.Graph.Autocorrelation(g.X, 16), (x, _, _) => SlowTwins.Autocorrelation(x, 16)),
        ["running sum slope"] = (g => g.Graph.RunningSumSlope(g.X, 20), (x, _, _) => SlowTwins.RunningSumSlope(x, 20)),
        ["max drawdown"] = (g => g.Graph.MaxDrawdown(g.X, 22), (x, _, _) => SlowTwins.MaxDrawdown(x, 22)),
        ["ema"] = (g => g.Graph.Ema(g.X, 9), (x, _, _) => SlowTwins.Ema(x, 9)),
        ["wilder"] = (g => g.Graph.Wilder(g.X, 14), (x, _, _) => SlowTwins.Wilder(x, 14)),
        ["rsi"] = (g => g.Graph.Rsi(g.X, 14), (x, _, _) => SlowTwins.Rsi(x, 14)),
        ["macd"] = (g => g.Graph.Macd(g.X), (x, _, _) => SlowTwins.Macd(x)),
        ["macd signal"] = (g => g.Graph.MacdSignal(g.X), (x, _, _) => SlowTwins.MacdSignal(x)),
        ["macd histogram"] = (
            g => g.Graph.MacdHistogram(g.X), (x, _, _) => SlowTwins.Macd(x) - SlowTwins.MacdSignal(x)),
        ["atr"] = (g => g.Graph.Atr(g.H, g.L, g.X, 14), (x, h, l) => SlowTwins.Atr(h, l, x, 14)),
        ["plus di"] = (g => g.Graph.PlusDi(g.H, g.L, g.X, 5), (x, h, l) => SlowTwins.Di(h, l, x, 5, plus: true)),
        ["minus di"] = (g => g.Graph.MinusDi(g.H, g.L, g.X, 5), (x, h, l) => SlowTwins.Di(h, l, x, 5, plus: false)),
        ["adx"] = (g => g.Graph.Adx(g.H, g.L, g.X, 5), (x, h, l) => SlowTwins.Adx(h, l, x, 5)),
        ["stochastic"] = (g => g.Graph.StochasticK(g.H, g.L, g.X, 14), (x, h, l) => SlowTwins.StochasticK(h, l, x, 14)),
        ["williams"] = (
            g => g.Graph.WilliamsR(g.H, g.L, g.X, 14), (x, h, l) => SlowTwins.StochasticK(h, l, x, 14) - 100),
        ["cci"] = (g => g.Graph.Cci(g.X, 20), (x, _, _) => SlowTwins.Cci(x, 20)),
        ["bollinger width"] = (
            g => g.Graph.BollingerWidth(g.X, 20), (x, _, _) => 4 * SlowTwins.Std(x, 20) / SlowTwins.Mean(x, 20)),
        ["bollinger position"] = (
            g => g.Graph.BollingerPosition(g.X, 20),
            (x, _, _) => SlowTwins.Std(x, 20) == 0 ? double.NaN : (SlowTwins.ZScore(x, 20) / 4) + 0.5),
        ["log return"] = (g => g.Graph.LogReturn(g.X, 5), (x, _, _) => Math.Log(x[^1] / SlowTwins.Lag(x, 5))),
        ["return"] = (g => g.Graph.Return(g.X, 5), (x, _, _) => (x[^1] / SlowTwins.Lag(x, 5)) - 1),
        ["warm"] = (g => g.Graph.AfterWarmUp(g.X, 30), (x, _, _) => x.Length >= 30 ? x[^1] : double.NaN),
    };

    public static TheoryData<string> Names => [.. Operators.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_operator_agrees_with_its_slow_twin(string name)
    {
        foreach (bool holes in (bool[])[false, true])
        {
            Inputs inputs = new();
            Series series = Operators[name].Make(inputs);
            (double[] x, double[] h, double[] l) = Market(200, new Random(name.Length), holes);
            int known = 0;
            for (int t = 0; t < x.Length; t++)
            {
                inputs.Step(x[t], h[t], l[t]);
                double expected = Operators[name].Twin(x[..(t + 1)], h[..(t + 1)], l[..(t + 1)]);
                expected = double.IsFinite(expected) ? expected : double.NaN;
                known += double.IsNaN(expected) ? 0 : 1;
                AssertClose(expected, series.Value, $"{name} at {t}");
            }

            Assert.InRange(known, 10, 200);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_saved_and_loaded_operator_goes_on_to_the_bit(string name)
    {
        (double[] x, double[] h, double[] l) = Market(160, new Random(5), holes: true);
        for (int cut = 0; cut < 80; cut += 7)
        {
            Inputs whole = new();
            Series expected = Operators[name].Make(whole);
            for (int t = 0; t < cut; t++)
            {
                whole.Step(x[t], h[t], l[t]);
            }

            StateWriter writer = new();
            whole.Graph.Save(writer);
            Inputs resumed = new();
            Series actual = Operators[name].Make(resumed);
            StateReader reader = new(writer.Written);
            Assert.Equal(0, resumed.Graph.Load(ref reader));
            Assert.Equal(Bits(expected.Value), Bits(actual.Value));
            for (int t = cut; t < x.Length; t++)
            {
                whole.Step(x[t], h[t], l[t]);
                resumed.Step(x[t], h[t], l[t]);
                Assert.Equal(Bits(expected.Value), Bits(actual.Value));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_input_makes_an_operator_infinite(string name)
    {
        Inputs inputs = new();
        Series series = Operators[name].Make(inputs);
        Random random = new(9);
        double[] nasty = [0, -0.0, 1e308, -1e308, 5e-324, double.NaN, 1, 1, 1, double.MaxValue];
        for (int t = 0; t < 2000; t++)
        {
            inputs.Step(nasty[random.Next(10)], nasty[random.Next(10)], nasty[random.Next(10)]);
            Assert.False(double.IsInfinity(series.Value));
        }
    }

    // What passed through long ago leaves nothing behind, be it huge, tiny or unknown; ten million steps with
    // FEEDS_LONG.
    [Theory]
    [MemberData(nameof(Names))]
    public void No_operator_drifts(string name)
    {
        const int Kept = 2_000;
        int steps = Environment.GetEnvironmentVariable("FEEDS_LONG") == "1" ? 10_000_000 : 40_000;
        Inputs inputs = new();
        Series series = Operators[name].Make(inputs);
        Random random = new(3);
        double[] x = new double[Kept];
        double[] h = new double[Kept];
        double[] l = new double[Kept];
        double price = 100;
        for (int t = 0; t < steps; t++)
        {
            int at = t % Kept;
            price = Math.Clamp(price * (1 + ((random.NextDouble() - 0.5) / 100)), 50, 200);
            bool strange = t < steps - (2 * Kept) && t % 7_001 == 0;
            x[at] = strange ? (t % 3) switch { 0 => 1e12, 1 => 1e-12, _ => double.NaN } : price;
            h[at] = strange ? 1e12 : price * (1 + (random.NextDouble() / 200));
            l[at] = strange ? 1e-12 : price * (1 - (random.NextDouble() / 200));
            inputs.Step(x[at], h[at], l[at]);
        }

        // The rings stand in order, as the count is a multiple of their length.
        AssertClose(Operators[name].Twin(x, h, l), series.Value, name);
        Assert.False(double.IsNaN(series.Value));
    }

    // 10 million steps in which values of 1e12 and 1e-12 and NaN pass through, then a fresh computation over the
    // window.
    [Fact]
    public void Nothing_drifts_over_ten_million_steps()
    {
        SeriesGraph graph = new();
        InputSeries x = graph.Input("x");
        InputSeries y = graph.Input("y");
        Dictionary<string, (Series Series, Func<double[], double[], double> Twin)> held = new()
        {
            ["sum"] = (graph.Sum(x, 288), (a, _) => SlowTwins.Sum(a, 288)),
            ["std"] = (graph.Std(x, 288), (a, _) => SlowTwins.Std(a, 288)),
            ["slope"] = (graph.Slope(y, x, 48), (a, b) => SlowTwins.Slope(b, a, 48)),
            ["corr"] = (graph.Correlation(y, x, 1440), (a, b) => SlowTwins.Correlation(b, a, 1440)),
            ["kurt"] = (graph.Kurtosis(x, 48), (a, _) => SlowTwins.Kurtosis(a, 48)),
        };
        double[] lastX = new double[2000];
        double[] lastY = new double[2000];
        Random random = new(1);
        for (int t = 0; t < 10_000_000; t++)
        {
            double u = random.NextDouble();
            double value = 60_000 + (u * 10);
            if (t is > 4_000_000 and < 4_000_500 || t == 9_900_000)
            {
                value = (t % 3) switch { 0 => 1e12, 1 => 1e-12, _ => double.NaN };
            }

            x.Set(value);
            y.Set(u + random.NextDouble());
            graph.Step();
            lastX[t % 2000] = x.Value;
            lastY[t % 2000] = y.Value;
        }

        // 10 000 000 is a multiple of 2000, so the ring stands in order.
        foreach ((string name, (Series series, Func<double[], double[], double> twin)) in held)
        {
            double expected = twin(lastX, lastY);
            Assert.False(double.IsNaN(expected));
            AssertClose(expected, series.Value, name);
        }
    }

    [Fact]
    public void A_window_of_equal_values_has_a_std_of_exactly_zero()
    {
        SeriesGraph graph = new();
        InputSeries x = graph.Input("x");
        Series std = graph.Std(x, 7);
        Series z = graph.ZScore(x, 7);
        Series cci = graph.Cci(x, 7);
        for (int t = 0; t < 100; t++)
        {
            x.Set(0.1);
            graph.Step();
            Assert.Equal(t < 6 ? double.NaN : 0, std.Value);
            Assert.True(double.IsNaN(z.Value) && double.IsNaN(cci.Value));
        }
    }

    [Fact]
    public void What_is_asked_for_twice_is_made_once()
    {
        SeriesGraph graph = new();
        InputSeries x = graph.Input("x");
        Assert.Same(graph.Rsi(x, 14), graph.Rsi(x, 14));
        Assert.NotSame(graph.Rsi(x, 14), graph.Rsi(x, 15));
        int count = graph.All.Count;
        graph.MacdHistogram(x);
        graph.MacdSignal(x);
        Assert.Equal(count + 5, graph.All.Count);
    }

    [Fact]
    public void A_series_that_was_not_saved_begins_anew_and_is_counted()
    {
        SeriesGraph old = new();
        old.Sum(old.Input("x"), 3);
        StateWriter writer = new();
        old.Save(writer);
        SeriesGraph grown = new();
        InputSeries x = grown.Input("x");
        grown.Sum(x, 3);
        Series added = grown.Mean(x, 2);
        StateReader reader = new(writer.Written);
        Assert.Equal(1, grown.Load(ref reader));
        Assert.True(double.IsNaN(added.Value));
    }

    internal static void AssertClose(double expected, double actual, string what)
    {
        bool equal = double.IsNaN(expected)
            ? double.IsNaN(actual)
            : Math.Abs(expected - actual) <= 1e-9 * Math.Max(Math.Abs(expected), 1e-3);
        Assert.True(equal, $"{what}: expected {expected:R}, was {actual:R}");
    }

    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);

    // Prices that move, stand still for a while, and, with holes, are sometimes unknown.
    private static (double[] X, double[] H, double[] L) Market(int count, Random random, bool holes)
    {
        double price = 100;
        double[] x = new double[count];
        double[] h = new double[count];
        double[] l = new double[count];
        for (int t = 0; t < count; t++)
        {
            bool still = t is > 120 and < 150;
            price = still ? price : price * (1 + ((random.NextDouble() - 0.5) / 50));
            x[t] = holes && t is 40 or 90 or 91 ? double.NaN : price;
            h[t] = still ? price : price + random.Next(0, 3);
            l[t] = still ? price : price - random.Next(0, 3);
            if (holes && t == 60)
            {
                h[t] = l[t] = double.NaN;
            }
        }

        return (x, h, l);
    }

    private sealed class Inputs
    {
        public Inputs()
        {
            X = Graph.Input("x");
            H = Graph.Input("h");
            L = Graph.Input("l");
        }

        public SeriesGraph Graph { get; } = new();

        public InputSeries X { get; }

        public InputSeries H { get; }

        public InputSeries L { get; }

        public void Step(double x, double h, double l)
        {
            X.Set(x);
            H.Set(h);
            L.Set(l);
            Graph.Step();
        }
    }
}
