namespace Feeds.Commands.Bench;

/// <summary>Runs a measurement several times after a warm-up, and takes the median.</summary>
internal static class Rounds
{
    private const int WarmUpRounds = 4;

    // The runtime compiles hot methods anew in the background, a moment after it found them hot.
    private static readonly TimeSpan CompilePause = TimeSpan.FromMilliseconds(250);

    /// <summary>Runs <paramref name="prepare"/> untimed and <paramref name="run"/> timed, in turns.</summary>
    public static async Task<(double Median, double Min, double Max, long Allocated)> MeasureAsync(
        int rounds, TimeProvider time, Action prepare, Action run, CancellationToken cancellationToken)
    {
        double[] elapsed = new double[rounds];
        long allocated = long.MaxValue;
        for (int round = -WarmUpRounds; round < rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            prepare();
            if (round < 0)
            {
                await Task.Delay(CompilePause, time, cancellationToken);
            }

            long bytes = GC.GetAllocatedBytesForCurrentThread();
            long start = time.GetTimestamp();
            run();
            TimeSpan took = time.GetElapsedTime(start);
            bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
            if (round >= 0)
            {
                elapsed[round] = took.TotalNanoseconds;
                allocated = Math.Min(allocated, bytes);
            }
        }

        Array.Sort(elapsed);
        return (elapsed[rounds / 2], elapsed[0], elapsed[^1], allocated);
    }
}
