using System.Diagnostics;
using Feeds.Binance.Wire;

namespace Feeds.Engine.Streams;

/// <summary>
/// What all connections of a node counted since its start; outlives each of them. Written and read from any thread.
/// </summary>
internal sealed class StreamTotals
{
    // Every so many frames the decoding is timed: reading the clock for each would cost as much as decoding it.
    private const int SampleEvery = 64;

    private readonly long[] _malformed = new long[Enum.GetValues<MalformedReason>().Length];
    private long _sampled;
    private long _sampledTicks;

    /// <summary>Frames whose decoding was timed: one in 64.</summary>
    public long Sampled => Interlocked.Read(ref _sampled);

    /// <summary>How long decoding those took.</summary>
    public double SampledSeconds => (double)Interlocked.Read(ref _sampledTicks) / Stopwatch.Frequency;

    /// <summary>
    /// Returns how many messages were broken, by the way they were; ways that did not occur are left out.
    /// </summary>
    public IReadOnlyDictionary<string, long> Malformed() => Enum.GetValues<MalformedReason>()
        .Select(reason => (reason, Count: Interlocked.Read(ref _malformed[(int)reason])))
        .Where(static each => each.Count > 0)
        .ToDictionary(static each => Snake(each.reason.ToString()), static each => each.Count, StringComparer.Ordinal);

    /// <summary>True when the decoding of this frame is to be timed.</summary>
    public static bool IsSample(long frame) => frame % SampleEvery == 0;

    public void Decoded(long ticks)
    {
        Interlocked.Increment(ref _sampled);
        Interlocked.Add(ref _sampledTicks, ticks);
    }

    private static string Snake(string name) => string.Concat(name.Select(
        static (letter, place) => char.IsAsciiLetterUpper(letter)
            ? $"{(place > 0 ? "_" : "")}{char.ToLowerInvariant(letter)}" : $"{letter}"));

    public void Refused(MalformedReason reason) => Interlocked.Increment(ref _malformed[(int)reason]);
}
