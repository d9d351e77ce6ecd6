namespace Feeds.Http;

/// <summary>How much all callers together may ask; a burst of four seconds' worth passes.</summary>
/// <param name="ReadsPerSecond">Pages read.</param>
/// <param name="CommandsPerSecond">Changes asked for.</param>
internal sealed record RequestRates(int ReadsPerSecond = 100, int CommandsPerSecond = 25);
