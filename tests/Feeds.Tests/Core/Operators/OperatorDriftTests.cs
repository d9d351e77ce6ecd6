using Feeds.Core.Operators;
using Feeds.Core.Windows;
using Xunit;

namespace Feeds.Tests.Core.Operators;

/// <summary>
/// Operators over event time after a long past in which huge and tiny values passed: what is left of it is at most 1e-9
/// of a fresh computation over the window. Ten million steps with FEEDS_LONG=1. Those over grid values:
/// <c>SeriesGraphTests.No_operator_drifts</c>.
/// </summary>
public sealed class OperatorDriftTests
{
    private const long Start = 1_700_000_000_000;
    private const int StepMs = 100;

    private static readonly int Steps = Environment.GetEnvironmentVariable("FEEDS_LONG") == "1" ? 10_000_000 : 60_000;

    [Fact]
    public void Time_weighted_means_do_not_drift()
    {
        TimeWeightedMeans means = new(1, 300, 120, 5_000);
        Random random = new(1);
        List<(long Time, double Value)> kept = [];
        for (int i = 0; i < Steps; i++)
        {
            (long Time, double Value) step = (
                Start + (i * (long)StepMs) + random.Next(StepMs), Strange(i, 300) ?? random.NextDouble());
            means.Add(step.Time, [step.Value]);
            Keep(kept, step, 300);
        }

        long tick = (kept[^1].Time / 1000 * 1000) + 1000;
        foreach (int seconds in (int[])[60, 300])
        {
            double integral = 0;
            double covered = 0;
            for (int i = 0; i < kept.Count; i++)
            {
                long end = Math.Min(i + 1 < kept.Count ? kept[i + 1].Time : long.MaxValue, kept[i].Time + 5_000);
                long held = Math.Min(end, tick) - Math.Max(kept[i].Time, tick - (seconds * 1000L));
                integral += Math.Max(0, held) * kept[i].Value;
                covered += Math.Max(0, held);
            }

            AssertClose(integral / covered, means.Mean(0, tick, seconds, out double coverage));
            Assert.Equal(1, coverage, 1e-12);
        }
    }

    [Fact]
    public void A_decayed_flow_does_not_drift()
    {
        // Sixty half-lives after the last strange trade 1e-18 of it is left; within a few, all of it belongs to the
        // flow.
        const int HalfLifeMs = 5_000;
        DecayedFlow flow = new(HalfLifeMs);
        Random random = new(2);
        List<(long Time, double Quantity, int Sign)> kept = [];
        for (int i = 0; i < Steps; i++)
        {
            long time = Start + (i * (long)StepMs) - random.Next(1_000);
            (long Time, double Quantity, int Sign) trade =
                (time, Strange(i, 600, huge: 1e6, tiny: 1e-6) ?? random.NextDouble() + 0.1, random.Next(3) == 0
                    ? -1 : 1);
            flow.Add(trade.Time, trade.Quantity, trade.Sign > 0);
            Keep(kept, trade, 600);
        }

        long now = kept.Max(static trade => trade.Time);
        double Weighted(Func<(long Time, double Quantity, int Sign), double> of) =>
            kept.Sum(trade => of(trade) * Math.Pow(2, -(now - trade.Time) / (double)HalfLifeMs));
        AssertClose(Weighted(static t => t.Sign * t.Quantity) / Weighted(static t => t.Quantity), flow.Imbalance);
    }

    [Fact]
    public void Flow_over_seconds_does_not_drift()
    {
        TradeFlow flow = new(3600);
        Random random = new(3);
        List<(long Time, double Quantity, bool IsBuy)> kept = [];
        double[] imbalances = new double[3];
        long tick = 0;
        for (int i = 0; i < Steps; i++)
        {
            (long Time, double Quantity, bool IsBuy) trade =
                (Start + (i * (long)StepMs) - random.Next(30_000), Strange(i, 3_700)
                    ?? random.NextDouble(), random.Next(3) == 0);
            flow.Add(trade.Time, trade.Quantity, trade.IsBuy);
            Keep(kept, trade, 3_700);
            if (i % 10 == 9)
            {
                tick = Start + (i * (long)StepMs) + 100;
                flow.Imbalances(tick, [60, 300, 3600], imbalances);
            }
        }

        int w = 0;
        foreach (int seconds in (int[])[60, 300, 3600])
        {
            (long, double Quantity,
                bool IsBuy)[] inside = [.. kept.Where(t => t.Time > tick - (seconds * 1000L) && t.Time <= tick)];
            double bought = inside.Where(static t => t.IsBuy).Sum(static t => t.Quantity);
            double sold = inside.Where(static t => !t.IsBuy).Sum(static t => t.Quantity);
            AssertClose((bought - sold) / (bought + sold), imbalances[w++]);
        }
    }

    [Fact]
    public void Liquidation_totals_do_not_drift()
    {
        LiquidationWindow window = new(8 * 3600);
        Random random = new(4);
        List<(long Time, double Usd, bool IsLong)> kept = [];
        int steps = Steps / 10;
        for (int i = 0; i < steps; i++)
        {
            (long Time, double Usd, bool IsLong) order =
                (Start + (i * 10_000L) - random.Next(50_000), Strange(i, 290 * 100 / 10)
                    ?? random.NextDouble() * 1000, random.Next(2) == 0);
            window.Add(order.Time, order.Usd, order.IsLong);
            Keep(kept, order, 9 * 3600);
        }

        long tick = Start + (steps * 10_000L);
        foreach (int seconds in (int[])[3600, 8 * 3600])
        {
            LiquidationTotals totals = window.Totals(tick, seconds);
            (long, double Usd,
                bool IsLong)[] inside = [.. kept.Where(o => o.Time > tick - (seconds * 1000L) && o.Time <= tick)];
            AssertClose(inside.Where(static o => o.IsLong).Sum(static o => o.Usd), totals.LongUsd);
            AssertClose(inside.Where(static o => !o.IsLong).Sum(static o => o.Usd), totals.ShortUsd);
            Assert.Equal(inside.Length, totals.Count);
        }
    }

    // Now and then a huge or a tiny value, but none within the last seconds.
    private static double? Strange(int step, int clearSeconds, double huge = 1e12, double tiny = 1e-12) =>
        step % 7_001 == 0 && step < Steps - (clearSeconds * 1000 / StepMs) ? (step % 2 == 0 ? huge : tiny) : null;

    // The newest are enough to compute afresh; cut now and then.
    private static void Keep<T>(List<T> kept, T step, int seconds)
    {
        int most = seconds * 1000 / StepMs;
        kept.Add(step);
        if (kept.Count > 2 * most)
        {
            kept.RemoveRange(0, kept.Count - most - 1_000);
        }
    }

    private static void AssertClose(double expected, double actual) =>
        Assert.True(
            Math.Abs(expected - actual) <= 1e-9 * Math.Abs(expected),
            FormattableString.Invariant($"{expected:R} became {actual:R}"));
}
