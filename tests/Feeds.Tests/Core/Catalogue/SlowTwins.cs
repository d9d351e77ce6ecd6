namespace Feeds.Tests.Core.Catalogue;

/// <summary>
/// Every operator computed the obvious way from the whole history <c>x[0..t]</c>, t being the last index: what the
/// incremental ones are held against. NaN where the definition has no value.
/// </summary>
internal static class SlowTwins
{
    public static double[] Window(double[] x, int n) => x.Length < n ? [double.NaN] : x[^n..];

    public static double Lag(double[] x, int n) => x.Length > n ? x[^(n + 1)] : double.NaN;

    public static double Sum(double[] x, int n) => Window(x, n).Sum();

    public static double Mean(double[] x, int n) => Sum(x, n) / n;

    public static double Std(double[] x, int n)
    {
        double[] w = Window(x, n);
        double mean = w.Average();
        return w.All(v => v == w[0]) ? 0 : Math.Sqrt(w.Sum(v => (v - mean) * (v - mean)) / (n - 1));
    }

    public static double ZScore(double[] x, int n) => Std(x, n) == 0 ? double.NaN : (x[^1] - Mean(x, n)) / Std(x, n);

    public static double Max(double[] x, int n) => Window(x, n).Aggregate(Math.Max);

    public static double Min(double[] x, int n) => Window(x, n).Aggregate(Math.Min);

    public static double Percentile(double[] x, int n)
    {
        double[] w = Window(x, n);
        return w.Any(double.IsNaN) ? double.NaN : w.Count(v => v <= w[^1]) / (double)n;
    }

    public static double Skew(double[] x, int n)
    {
        double[] w = Window(x, n);
        double m = w.Average();
        double m2 = w.Sum(v => Math.Pow(v - m, 2)) / n;
        double m3 = w.Sum(v => Math.Pow(v - m, 3)) / n;
        return w.All(v => v == w[0]) ? double.NaN : Math.Sqrt((double)n * (n - 1)) / (n - 2) * m3 / Math.Pow(m2, 1.5);
    }

    public static double Kurtosis(double[] x, int n)
    {
        double[] w = Window(x, n);
        double m = w.Average();
        double m2 = w.Sum(v => Math.Pow(v - m, 2)) / n;
        double m4 = w.Sum(v => Math.Pow(v - m, 4)) / n;
        return w.All(v => v == w[0])
            ? double.NaN : (n - 1.0) / ((n - 2.0) * (n - 3.0)) * (((n + 1) * ((m4 / (m2 * m2)) - 3)) + 6);
    }

    public static double Correlation(double[] x, double[] y, int n)
    {
        double[] a = Window(x, n);
        double[] b = Window(y, n);
        return IsConstant(a) || IsConstant(b)
            ? double.NaN : Covariance(a, b) / Math.Sqrt(Covariance(a, a) * Covariance(b, b));
    }

    public static double Slope(double[] x, double[] y, int n)
    {
        double[] a = Window(x, n);
        return IsConstant(a) ? double.NaN : Covariance(a, Window(y, n)) / Covariance(a, a);
    }

    public static double Autocorrelation(double[] x, int n)
    {
        double[] w = Window(x, n);
        return w.Length < n ? double.NaN : Correlation(w[..^1], w[1..], n - 1);
    }

    public static double RunningSumSlope(double[] x, int n)
    {
        if (x.Length < n)
        {
            return double.NaN;
        }

        double[] y = new double[n];
        for (int i = 1; i < n; i++)
        {
            y[i] = y[i - 1] + x[x.Length - n + i];
        }

        return Slope([.. Enumerable.Range(0, n).Select(i => (double)i)], y, n);
    }

    public static double MaxDrawdown(double[] x, int n)
    {
        double[] w = Window(x, n);
        double worst = w.Any(double.IsNaN) ? double.NaN : 0;
        for (int i = 0; i < w.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                worst = Math.Min(worst, (w[i] / w[j]) - 1);
            }
        }

        return worst;
    }

    public static double Ema(double[] x, int n)
    {
        double alpha = 2.0 / (n + 1);
        double ema = double.NaN;
        foreach (double v in x.Where(v => !double.IsNaN(v)))
        {
            ema = double.IsNaN(ema) ? v : (alpha * v) + ((1 - alpha) * ema);
        }

        return double.IsNaN(x[^1]) ? double.NaN : ema;
    }

    public static double Wilder(double[] x, int n)
    {
        double[] known = [.. x.Where(v => !double.IsNaN(v))];
        if (known.Length < n || double.IsNaN(x[^1]))
        {
            return double.NaN;
        }

        double value = known[..n].Average();
        foreach (double v in known[n..])
        {
            value = ((value * (n - 1)) + v) / n;
        }

        return value;
    }

    public static double Rsi(double[] x, int n)
    {
        double[] change = Each(x, 1, i => x[i] - x[i - 1]);
        double gain = Wilder([.. change.Select(d => double.IsNaN(d) ? d : Math.Max(d, 0))], n);
        double loss = Wilder([.. change.Select(d => double.IsNaN(d) ? d : Math.Max(-d, 0))], n);
        return gain + loss == 0 ? double.NaN : 100 - (100 / (1 + (gain / loss)));
    }

    public static double Macd(double[] x) => Ema(x, 12) - Ema(x, 26);

    public static double MacdSignal(double[] x) => Ema(Each(x, 0, i => Macd(x[..(i + 1)])), 9);

    public static double[] TrueRange(double[] h, double[] l, double[] c) => Each(h, 1, i =>
        ((double[])[h[i] - l[i], Math.Abs(h[i] - c[i - 1]), Math.Abs(l[i] - c[i - 1])]).Aggregate(Math.Max));

    public static double Atr(double[] h, double[] l, double[] c, int n) => Wilder(TrueRange(h, l, c), n);

    public static double Di(double[] h, double[] l, double[] c, int n, bool plus)
    {
        double[] dm = Each(h, 1, i =>
        {
            double up = h[i] - h[i - 1];
            double down = l[i - 1] - l[i];
            return double.IsNaN(up + down) ? double.NaN : plus
                ? (up > down && up > 0 ? up : 0) : (down > up && down > 0 ? down : 0);
        });
        double range = Atr(h, l, c, n);
        return range == 0 ? double.NaN : 100 * Wilder(dm, n) / range;
    }

    public static double Adx(double[] h, double[] l, double[] c, int n) => Wilder(
        Each(h, 0, i =>
        {
            double p = Di(h[..(i + 1)], l[..(i + 1)], c[..(i + 1)], n, plus: true);
            double m = Di(h[..(i + 1)], l[..(i + 1)], c[..(i + 1)], n, plus: false);
            return p + m == 0 ? double.NaN : 100 * Math.Abs(p - m) / (p + m);
        }),
        n);

    public static double StochasticK(double[] h, double[] l, double[] c, int n) =>
        Max(h, n) == Min(l, n) ? double.NaN : 100 * (c[^1] - Min(l, n)) / (Max(h, n) - Min(l, n));

    public static double Cci(double[] x, int n)
    {
        double[] w = Window(x, n);
        double mean = w.Average();
        return IsConstant(w) ? double.NaN : (x[^1] - mean) / (0.015 * w.Average(v => Math.Abs(v - mean)));
    }

    public static double[] Each(double[] x, int from, Func<int, double> f) =>
        [.. Enumerable.Range(0, x.Length).Select(i => i < from ? double.NaN : f(i))];

    private static bool IsConstant(double[] w) => w.All(v => v == w[0]);

    private static double Covariance(double[] a, double[] b)
    {
        double meanA = a.Average();
        double meanB = b.Average();
        return a.Zip(b, (p, q) => (p - meanA) * (q - meanB)).Sum();
    }
}
