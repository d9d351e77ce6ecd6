namespace Feeds.Engine.WarmUp;

/// <summary>What an operator sees of the warm-up.</summary>
/// <param name="Warm">Symbols whose history is here.</param>
/// <param name="Waiting">Symbols whose history is still to be fetched.</param>
/// <param name="Requests">Requests that were answered, since the start of this incarnation.</param>
/// <param name="Weight">What they cost of the weight that the exchange allows per minute.</param>
/// <param name="Bars">Bars that they brought.</param>
/// <param name="Failures">Symbols that could not be fetched at a try.</param>
internal sealed record WarmUpInspection(int Warm, int Waiting, long Requests, long Weight, long Bars, long Failures);
