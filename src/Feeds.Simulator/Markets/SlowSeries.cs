namespace Feeds.Simulator.Markets;

/// <summary>
/// What moves slowly around a symbol's price: open interest, long/short ratios and funding. Functions of the seed and
/// of the price, for any moment of the past. Not safe from several threads.
/// </summary>
/// <param name="spec">The symbol.</param>
/// <param name="key">Key of its chance.</param>
/// <param name="logAt">Log price relative to the base price at a minute's start.</param>
/// <param name="premiumAt">Log premium of the future over the index at a minute's start.</param>
/// <param name="burstAt">How lively a minute is; 1 is usual.</param>
internal sealed class SlowSeries(
    SymbolSpec spec, ulong key, Func<long, double> logAt, Func<long, double> premiumAt, Func<long, double> burstAt)
{
    private const long Period = 300_000;

    private readonly Dictionary<long, double[]> _premiumSums = [];

    /// <summary>Length of a funding interval, ms.</summary>
    public long FundingInterval => spec.FundingIntervalHours * 3_600_000L;

    /// <summary>
    /// Open interest in quantity units at a moment: a straight line between two multiples of five minutes.
    /// </summary>
    public long OpenInterest(long time)
    {
        long period = time / Period;
        double share = (time - (period * Period)) / (double)Period;
        double from = OpenInterestKnot(period);
        double to = OpenInterestKnot(period + 1);
        double step = 1;
        for (int i = 0; i < spec.QuantityDecimals; i++)
        {
            step *= 10;
        }

        return (long)((from + ((to - from) * share)) * step);
    }

    /// <summary>Share of accounts or positions that are long at a multiple of five minutes, in (0, 1).</summary>
    public double LongShare(int kind, long time)
    {
        long period = time / Period;
        double noise = Noise.Octaves(key + 300 + (ulong)(kind * 20), period, 6, 10);
        double drift = logAt(period * 5) - logAt((period * 5) - 240);
        return Math.Clamp(0.55 + (0.08 * noise) - (1.5 * drift), 0.05, 0.95);
    }

    /// <summary>The rate predicted at a moment for the settlement that follows it, × 10^8.</summary>
    public long PredictedRate(long time)
    {
        long interval = FundingInterval;
        long start = time / interval * interval;
        return Rate(start, (int)((time - start) / 60_000));
    }

    /// <summary>The rate settled at a multiple of the funding interval, × 10^8.</summary>
    public long SettledRate(long slot) => Rate(slot - FundingInterval, (int)(FundingInterval / 60_000) - 1);

    /// <summary>The moment that the venue writes on a settlement: its slot and some milliseconds.</summary>
    public long SettlementTime(long slot) => slot + (long)(Noise.Hash(key + 30, slot / 3_600_000) % 15);

    // Average premium so far, pulled towards the interest rate of 0.01 % per 8 hours as far as 0.05 % reaches.
    private long Rate(long start, int minutes)
    {
        if (!_premiumSums.TryGetValue(start, out double[]? sums))
        {
            if (_premiumSums.Count > 16)
            {
                _premiumSums.Clear();
            }

            sums = new double[(int)(FundingInterval / 60_000)];
            double sum = 0;
            for (int i = 0; i < sums.Length; i++)
            {
                sum += premiumAt((start / 60_000) + i);
                sums[i] = sum;
            }

            _premiumSums.Add(start, sums);
        }

        double average = sums[minutes] / (minutes + 1);
        double rate = average + Math.Clamp(0.0001 - average, -0.0003, 0.0003);
        rate = Math.Clamp(rate * spec.FundingIntervalHours / 8, -0.02, 0.02);
        return (long)Math.Floor((rate * 1e8) + 0.5);
    }

    private double OpenInterestKnot(long period)
    {
        long minute = period * 5;
        double noise = 0.2 * Noise.Octaves(key + 250, period, 6, 12);
        double follow = 0.4 * (logAt(minute) - logAt(minute - 60));
        double fled = 0.004 * (burstAt(minute) - 1) + (0.002 * (burstAt(minute - 5) - 1));
        return spec.OpenInterestValue / spec.BasePrice * Noise.Exp(noise + follow - fled);
    }
}
