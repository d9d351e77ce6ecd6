namespace Feeds.Simulator.Markets;

/// <summary>
/// Chance without state: every draw is a hash of what it stands for, so that a market is a function of its seed and of
/// time and can be asked at any moment, in any order. Only integer operations and plain additions, multiplications and
/// divisions: the same bits on every machine.
/// </summary>
internal static class Noise
{
    /// <summary>Returns 64 well mixed bits of one number (the finaliser of SplitMix64).</summary>
    public static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15UL;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
        return x ^ (x >> 31);
    }

    /// <summary>Returns 64 well mixed bits of a key and an index.</summary>
    public static ulong Hash(ulong key, long index) => Mix(key ^ ((ulong)index * 0xD1B54A32D192ED03UL));

    /// <summary>Returns a key of its own for a purpose, so that two purposes never share draws.</summary>
    public static ulong Key(ulong seed, string purpose)
    {
        ulong key = Mix(seed);
        foreach (char c in purpose)
        {
            key = Mix(key ^ c);
        }

        return key;
    }

    /// <summary>Returns a number in [0, 1) from bits.</summary>
    public static double Unit(ulong bits) => (bits >> 11) * (1.0 / 9007199254740992.0);

    /// <summary>
    /// Returns a nearly normal number (mean 0, variance 1, within ±3.46) from bits: four uniform ones summed.
    /// </summary>
    public static double Normal(ulong bits)
    {
        double sum = (bits & 0xFFFF) + ((bits >> 16) & 0xFFFF) + ((bits >> 32) & 0xFFFF) + (bits >> 48);
        return (sum - 131070.0) * (1.7320508075688772 / 65535.0);
    }

    /// <summary>Returns smooth noise in (−1, 1) at a position; neighbours within 1 belong together.</summary>
    public static double Smooth(ulong key, double position)
    {
        double floor = Math.Floor(position);
        long cell = (long)floor;
        double x = position - floor;
        double left = (Unit(Hash(key, cell)) * 2) - 1;
        double right = (Unit(Hash(key, cell + 1)) * 2) - 1;
        double weight = x * x * (3 - (2 * x));
        return left + ((right - left) * weight);
    }

    /// <summary>
    /// Returns the sum of smooth noises whose periods double from <paramref name="shortest"/> on, each √2 times as
    /// large as the one before: close to a random walk up to the longest period, bounded beyond it. The longest has
    /// amplitude 1.
    /// </summary>
    public static double Octaves(ulong key, double position, double shortest, int count)
    {
        double sum = 0;
        double amplitude = 1;
        double period = shortest * (1L << (count - 1));
        for (int i = 0; i < count; i++)
        {
            sum += amplitude * Smooth(key + (ulong)i, position / period);
            amplitude *= 0.70710678118654752;
            period *= 0.5;
        }

        return sum;
    }

    /// <summary>
    /// Returns (1 + x/1024)^1024, which is the exponential within x²/2048: the market needs a positive, monotone curve
    /// of which the bits are the same everywhere, not the exact exponential.
    /// </summary>
    public static double Exp(double x)
    {
        double y = 1 + (x * (1.0 / 1024));
        for (int i = 0; i < 10; i++)
        {
            y *= y;
        }

        return y;
    }
}
