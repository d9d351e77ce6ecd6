namespace Feeds.Engine.Polling;

/// <summary>What an operator sees of a poller.</summary>
/// <param name="Feed">What it polls.</param>
/// <param name="Polls">Polls since the start of this incarnation.</param>
/// <param name="Failures">Requests without a usable answer.</param>
/// <param name="LastFailure">The newest of them; null when there was none.</param>
/// <param name="LastResult">
/// How the newest poll ended: <c>answered</c>, <c>failed</c>, or <c>none</c> before the first.
/// </param>
/// <param name="LastPollTime">When it asked last, epoch ms.</param>
/// <param name="NextPollTime">When it asks next, epoch ms.</param>
/// <param name="NextPollInMs">How long that is from now.</param>
/// <param name="Budget">What all pollers share.</param>
public sealed record PollerInspection(
    string Feed,
    long Polls,
    long Failures,
    string? LastFailure,
    string LastResult,
    long LastPollTime,
    long NextPollTime,
    long NextPollInMs,
    RequestBudget Budget);
