namespace Feeds.Simulator.Markets;

/// <summary>
/// A random walk over all days, minute by minute: slow noise fixes its value at each midnight, and a walk with bursts
/// joins two midnights. Any day can be asked for at any time and costs 1440 draws. Safe from several threads.
/// </summary>
internal sealed class MarketWalk(ulong key, double dailyVolatility, int burstBlockMinutes, double burstShare)
{
    /// <summary>Minutes of a day.</summary>
    public const int Minutes = 1440;

    private const int KeptDays = 40;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, WalkDay> _days = [];
    private readonly Queue<long> _order = new();

    /// <summary>Returns the walk of a day (days since the epoch).</summary>
    public WalkDay Day(long day)
    {
        lock (_gate)
        {
            if (!_days.TryGetValue(day, out WalkDay? walk))
            {
                walk = Make(day);
                _days.Add(day, walk);
                _order.Enqueue(day);
                if (_order.Count > KeptDays)
                {
                    _days.Remove(_order.Dequeue());
                }
            }

            return walk;
        }
    }

    private WalkDay Make(long day)
    {
        double[] value = new double[Minutes + 1];
        float[] burst = new float[Minutes];
        double perMinute = dailyVolatility / 37.947331922020552; // √1440
        double x = Midnight(day);
        ulong draws = Noise.Hash(key + 2, day);
        value[0] = x;
        for (int i = 0; i < Minutes; i++)
        {
            double excess = Burst((day * Minutes) + i, out int direction);
            burst[i] = (float)(1 + excess);
            x += perMinute * (((1 + excess) * Noise.Normal(Noise.Hash(draws, i))) + (direction * excess));
            value[i + 1] = x;
        }

        double correction = (Midnight(day + 1) - x) / Minutes;
        for (int i = 1; i <= Minutes; i++)
        {
            value[i] += correction * i;
        }

        return new WalkDay(value, burst);
    }

    private double Midnight(long day) => 11 * dailyVolatility * Noise.Octaves(key, day, 2, 9);

    /// <summary>How much livelier than usual a minute is (0 = not), and where the burst pushes the price.</summary>
    private double Burst(long minute, out int direction)
    {
        long block = minute / burstBlockMinutes;
        direction = 0;
        for (long b = block; b >= block - 1; b--)
        {
            ulong bits = Noise.Hash(key + 1, b);
            if (Noise.Unit(bits) >= burstShare)
            {
                continue;
            }

            ulong more = Noise.Mix(bits);
            long start = (b * burstBlockMinutes) + (long)(more % (ulong)burstBlockMinutes);
            int length = 2 + (int)((more >> 20) % 6);
            if (minute >= start && minute < start + length)
            {
                direction = (more & 0x10000000) == 0 ? -1 : 1;
                double peak = 1.5 + (3.5 * Noise.Unit(Noise.Mix(more)));
                return peak * (length - (minute - start)) / length;
            }
        }

        return 0;
    }
}
