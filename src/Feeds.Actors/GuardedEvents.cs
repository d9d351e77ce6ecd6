using Feeds.Actors.Mailboxes;
using Feeds.Actors.Supervision;

namespace Feeds.Actors;

/// <summary>Keeps a throwing observer from hurting actors and senders; counts its throws.</summary>
internal sealed class GuardedEvents(IActorEvents? observer) : IActorEvents
{
    private long _failures;

    public long Failures => Interlocked.Read(ref _failures);

    public void Started(string path, string kind, int restarts) => Call(o => o.Started(path, kind, restarts));

    public void Failed(string path, Exception failure, Directive directive) =>
        Call(o => o.Failed(path, failure, directive));

    public void Restarting(string path, Exception cause, TimeSpan delay) => Call(o => o.Restarting(path, cause, delay));

    public void Parked(string path, Exception failure) => Call(o => o.Parked(path, failure));

    public void Stopped(string path) => Call(o => o.Stopped(path));

    public void DeadLetter(DeadLetter letter) => Call(o => o.DeadLetter(letter));

    public void HookFailed(string path, string hook, Exception failure) => Call(o => o.HookFailed(path, hook, failure));

    public void WorkAbandoned(string path, int works) => Call(o => o.WorkAbandoned(path, works));

    private void Call(Action<IActorEvents> call)
    {
        if (observer is null) return;
        try
        {
            call(observer);
        }
#pragma warning disable CA1031 // Boundary: the observer is the host's; its throws are counted, as it is who reports.
        catch (Exception)
#pragma warning restore CA1031
        {
            Interlocked.Increment(ref _failures);
        }
    }
}
