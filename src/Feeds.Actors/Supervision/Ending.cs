namespace Feeds.Actors.Supervision;

/// <summary>How an incarnation ended, and so what follows.</summary>
/// <param name="Outcome">What follows.</param>
/// <param name="Cause">The failure or the wish behind it; null for a plain stop.</param>
/// <param name="Delay">The wait before the restart; zero otherwise.</param>
internal readonly record struct Ending(Outcome Outcome, Exception? Cause = null, TimeSpan Delay = default);

internal enum Outcome
{
    Stop,
    Restart,
    Park,
    Rest,
    Escalate,
}
