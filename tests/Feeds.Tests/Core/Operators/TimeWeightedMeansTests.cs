using Feeds.Core.Numerics;
using Feeds.Core.Operators;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Feeds.Tests.Core.Operators;

public sealed class TimeWeightedMeansTests
{
    private const long Start = 1_700_000_000_000;

    [Fact]
    public void Means_and_coverage_are_those_of_every_millisecond() =>
        Prop.ForAll<int>(seed =>
        {
            Random random = new(seed);
            TimeWeightedMeans means = new(2, 20, 5, 3_000);
            double[] first = new double[120_000];
            double[] second = new double[120_000];
            Array.Fill(first, double.NaN);
            Array.Fill(second, double.NaN);
            int now = 0;
            while (now < 90_000)
            {
                int next = now + (random.Next(6) == 0 ? random.Next(6_000) : random.Next(700));
                double a = random.Next(5) == 0 ? double.NaN : random.NextDouble();
                double b = random.NextDouble();
                bool ended = random.Next(10) == 0;
                if (ended)
                {
                    means.End(Start + next);
                    (a, b) = (double.NaN, double.NaN);
                }
                else
                {
                    means.Add(Start + next, [a, b]);
                }

                // The value holds over (next, next + 3 s], until another replaces it.
                Array.Fill(first, double.NaN, next, 10_000);
                Array.Fill(second, double.NaN, next, 10_000);
                Array.Fill(first, a, next, 3_000);
                Array.Fill(second, b, next, 3_000);
                now = next;
                int tick = (now + random.Next(5_000)) / 1000 * 1000;
                int seconds = random.Next(1, 21);
                if (tick >= now - 4_000 && tick >= seconds * 1000)
                {
                    Check(means, 0, first, tick, seconds);
                    Check(means, 1, second, tick, seconds);
                }
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_saved_state_goes_on_to_the_bit()
    {
        Random random = new(3);
        TimeWeightedMeans means = new(1, 20, 5, 3_000);
        TimeWeightedMeans copy = new(1, 20, 5, 3_000);
        for (int i = 0; i < 300; i++)
        {
            long time = Start + (i * 137);
            double value = random.NextDouble();
            means.Add(time, [value]);
            StateWriter writer = new();
            means.Save(writer);
            StateReader reader = new(writer.Written);
            copy = new(1, 20, 5, 3_000);
            copy.Load(ref reader);
            long tick = (time + 999) / 1000 * 1000;
            Assert.Equal(means.Mean(0, tick, 20, out double expected), copy.Mean(0, tick, 20, out double coverage));
            Assert.Equal(expected, coverage);
        }
    }

    private static void Check(TimeWeightedMeans means, int measure, double[] values, int tick, int seconds)
    {
        double[] known = [.. values[(tick - (seconds * 1000))..tick].Where(v => !double.IsNaN(v))];
        double mean = means.Mean(measure, Start + tick, seconds, out double coverage);
        Assert.Equal(known.Length / (seconds * 1000.0), coverage, 1e-12);
        Assert.Equal(known.Length == 0 ? double.NaN : known.Average(), mean, 1e-9);
    }
}
