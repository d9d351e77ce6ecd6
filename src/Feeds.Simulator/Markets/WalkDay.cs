namespace Feeds.Simulator.Markets;

/// <summary>One day of a walk.</summary>
/// <param name="Value">Log values at each minute's start and at the day's end: 1441 of them.</param>
/// <param name="Burst">How lively each of the 1440 minutes is; 1 is usual.</param>
internal sealed record WalkDay(double[] Value, float[] Burst);
