using Feeds.Core.Numerics;
using Feeds.Core.Operators;

namespace Feeds.Core.Bars;

/// <summary>What two symbols' minutes say of each other, worked out afresh from the minutes themselves.</summary>
internal static class MinuteStatistics
{
    /// <summary>
    /// The joint moments of n one-minute log returns up to a minute, x being the reference; NaN where a pair is
    /// missing.
    /// </summary>
    public static CoMoments CoMoments(MinuteCloses reference, MinuteCloses own, long minute, int n)
    {
        Span<double> x = stackalloc double[n];
        Span<double> y = stackalloc double[n];
        if (!reference.TryCopyLogReturns(minute, x) || !own.TryCopyLogReturns(minute, y))
        {
            return new CoMoments(n, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);
        }

        double sumX = 0;
        double sumY = 0;
        for (int i = 0; i < n; i++)
        {
            sumX += x[i];
            sumY += y[i];
        }

        double meanX = sumX / n;
        double meanY = sumY / n;
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int i = 0; i < n; i++)
        {
            double dx = x[i] - meanX;
            double dy = y[i] - meanY;
            xx += dx * dx;
            yy += dy * dy;
            xy += dx * dy;
        }

        return new CoMoments(n, meanX, meanY, xx, yy, xy);
    }

    /// <summary>
    /// The return of an index of equal weight over n minutes: exp(Σ over minutes of the members' mean log return) − 1.
    /// A member counts in a minute when its bars of that minute and of the one before are real; a minute without any
    /// adds 0. NaN without members.
    /// </summary>
    public static double IndexReturn(ReadOnlySpan<MinuteCloses> members, long minute, int n)
    {
        if (members.IsEmpty)
        {
            return double.NaN;
        }

        double total = 0;
        for (long m = minute - n + 1; m <= minute; m++)
        {
            double sum = 0;
            int count = 0;
            foreach (MinuteCloses member in members)
            {
                double value = member.RealLogReturn(m);
                if (!double.IsNaN(value))
                {
                    sum += value;
                    count++;
                }
            }

            total += count > 0 ? sum / count : 0;
        }

        return DeterministicMath.Exp(total) - 1;
    }
}
