using System.Numerics;
using Feeds.Core.Numerics;
using Xunit;

namespace Feeds.Tests.Core.Numerics;

public sealed class DeterministicMathTests
{
    private const int Samples = 20_000;

    [Fact]
    public void The_slow_truth_knows_its_constants()
    {
        Assert.Equal(Math.PI, (double)(BigFixed.Pi >> 200) / Math.Pow(2, 56), 15);
        Assert.Equal(0.5, BigFixed.UlpError(Math.BitIncrement(1.0), BigFixed.One + (BigFixed.One >> 53)), 3);
    }

    [Fact]
    public void Log_is_within_one_ulp()
    {
        Random random = new(1);
        double worst = 0;
        for (int i = 0; i < Samples; i++)
        {
            double x = i % 3 == 0
                ? 1 + ((random.NextDouble() - 0.5) * Math.Pow(2, -random.Next(1, 40)))
                : i % 3 == 1 ? RandomFinite(random) : random.NextDouble() * 100_000;
            worst = Math.Max(worst, Math.Abs(BigFixed.UlpError(DeterministicMath.Log(x), BigFixed.Log(x))));
        }

        Assert.InRange(worst, 0.3, 1);
    }

    [Fact]
    public void Exp_is_within_one_ulp()
    {
        Random random = new(2);
        double worst = 0;
        for (int i = 0; i < Samples; i++)
        {
            double x = i % 2 == 0
                ? (random.NextDouble() * 1400) - 700 : (random.NextDouble() - 0.5) * Math.Pow(2, -random.Next(0, 60));
            (BigInteger value, int power) = BigFixed.Exp(x);
            worst = Math.Max(worst, Math.Abs(BigFixed.UlpError(DeterministicMath.Exp(x), value, power)));
        }

        Assert.InRange(worst, 0.3, 1);
    }

    [Fact]
    public void Sin_and_cos_are_within_one_ulp()
    {
        Random random = new(3);
        double worst = 0;
        for (int i = 0; i < Samples; i++)
        {
            double x = (i % 4) switch
            {
                0 => random.NextDouble() * 2 * Math.PI,
                1 => (random.NextDouble() - 0.5) * 2 * DeterministicMath.MaxAngle,
                2 => random.Next(-1_000_000, 1_000_000) * (Math.PI / 2),
                _ => (random.NextDouble() - 0.5) * Math.Pow(2, -random.Next(0, 60)),
            };
            worst = Math.Max(worst, Math.Abs(BigFixed.UlpError(DeterministicMath.Sin(x), BigFixed.Sin(x))));
            worst = Math.Max(worst, Math.Abs(BigFixed.UlpError(DeterministicMath.Cos(x), BigFixed.Cos(x))));
        }

        Assert.InRange(worst, 0.3, 1);
    }

    [Fact]
    public void Ends_of_the_range_are_as_mathematics_has_them()
    {
        Assert.Equal(0, DeterministicMath.Log(1));
        Assert.Equal(double.NegativeInfinity, DeterministicMath.Log(0));
        Assert.Equal(double.PositiveInfinity, DeterministicMath.Log(double.PositiveInfinity));
        Assert.True(double.IsNaN(DeterministicMath.Log(-1)));
        Assert.True(double.IsNaN(DeterministicMath.Log(double.NaN)));
        Assert.Equal(Math.Log(double.Epsilon), DeterministicMath.Log(double.Epsilon), 1e-12);
        Assert.Equal(1, DeterministicMath.Exp(0));
        Assert.Equal(0, DeterministicMath.Exp(double.NegativeInfinity));
        Assert.Equal(double.PositiveInfinity, DeterministicMath.Exp(710));
        Assert.Equal(double.Epsilon, DeterministicMath.Exp(-745));
        Assert.InRange(DeterministicMath.Exp(709.78) / Math.Exp(709.78), 1 - 1e-15, 1 + 1e-15);
        Assert.Equal(double.PositiveInfinity, DeterministicMath.Exp(double.PositiveInfinity));
        Assert.True(double.IsNaN(DeterministicMath.Exp(double.NaN)));
        Assert.Equal(0, DeterministicMath.Sin(0));
        Assert.Equal(1, DeterministicMath.Cos(0));
        Assert.True(double.IsNaN(DeterministicMath.Sin(double.PositiveInfinity)));
        Assert.True(double.IsNaN(DeterministicMath.Cos(double.NaN)));
    }

    // The bits themselves: a change of one of them changes rows that were written, on this or on another machine.
    [Fact]
    public void The_bits_are_these()
    {
        Random random = new(4);
        ulong hash = 14695981039346656037;
        for (int i = 0; i < 100_000; i++)
        {
            double x = random.NextDouble() * 10;
            foreach (double y in (double[])[
                DeterministicMath.Log(x), DeterministicMath.Exp(x), DeterministicMath.Sin(x), DeterministicMath.Cos(x)])
            {
                hash = (hash ^ (ulong)BitConverter.DoubleToInt64Bits(y)) * 1099511628211;
            }
        }

        Assert.Equal(6680786700435577380UL, hash);
    }

    private static double RandomFinite(Random random)
    {
        double x = BitConverter.Int64BitsToDouble(random.NextInt64() & long.MaxValue);
        return double.IsFinite(x) && x > 1e-70 ? x : 1.5;
    }
}
