namespace Feeds.Simulator.Server;

/// <summary>One endpoint of the venue.</summary>
/// <param name="Pool">The budget that it counts against.</param>
/// <param name="Weight">Its weight for given parameters, 0 outside the weight pool.</param>
/// <param name="Answer">Writes the answer for parameters at a time of the venue; errors go into the query.</param>
internal sealed record RestEndpoint(
    RestPool Pool, Func<RestQuery, int> Weight, Action<RestQuery, FrameWriter, long> Answer);
